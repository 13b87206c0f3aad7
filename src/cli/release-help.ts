/** What `fieldbench --help` says of the commands for releases. Words only. */
export const RELEASE_HELP = `  fieldbench pack FOLDER [--out FILE] [--json]
      One bundle of the procedure in FOLDER: what it names as written, and its scripts as
      stations run them. The same content makes the same bytes on every machine.
      Exit: 0 packed, 1 it loads and cannot run, 2 it does not load, 73 cannot be written.

  fieldbench keygen FILE
      A pair of keys: FILE, which signs, and FILE.pub. No file is written over.

  fieldbench sign BUNDLE --key FILE
      Says in the bundle that the holder of this key stands for it. Several may.

  fieldbench keys FOLDER [--json]
  fieldbench keys FOLDER --add FILE.pub [--name NAME] [--from DAY] --key FILE
  fieldbench keys FOLDER --revoke ID --key FILE
  fieldbench keys FOLDER --signed-only yes|no --key FILE
      Whose signature counts for the stations of FOLDER. Each change is signed by a key that
      counts; the first list by one that is in it. With --signed-only yes stations run
      nothing that is not signed.

  fieldbench publish BUNDLE --to FOLDER --key FILE [--as NAME] [--staged]
      Puts a signed bundle into FOLDER/releases and makes it the procedure's release. FOLDER
      is FLEET_DIR, or what any web server serves as /fleet/. With --staged it is only listed,
      for a rollout.

  fieldbench rollback FOLDER --procedure NAME [--to RELEASE] --key FILE
      Makes the release before the present one the procedure's again, or RELEASE: its hash,
      the beginning of it, or its version.

  fieldbench pin FOLDER --key FILE
      Takes over FOLDER/pins.yaml: releases for some stations, or for some time.

  fieldbench rollout start FOLDER --plan FILE --key FILE
  fieldbench rollout status FOLDER [--server URL] [--json]
  fieldbench rollout advance FOLDER --procedure NAME --key FILE [--server URL]
  fieldbench rollout halt FOLDER --procedure NAME --reason TEXT --key FILE
  fieldbench rollout resume FOLDER --procedure NAME --key FILE
      A new release goes to the stations ring by ring. The plan says which, and who is in each
      ring. After the last ring advance makes it the procedure's release. A server that is
      named says how it goes, and advance refuses what is halted there.

      Exit of these: 0 done, 1 refused, 2 something cannot be read, 73 cannot be written.`;
