/** The texts themselves, each in the form of its system: exactly these devices, exactly this origin, nothing else opened. */
import { beforeAll, describe, expect, test } from 'vitest';
import { escapedXml } from '../../../src/cli/provision/xml-text.ts';
import { all, local, xmlTree, type Node } from '../../exchange/xml-tree.ts';
import { Bench, ORIGIN, STATION } from './a-station.ts';

const FTDI = { vendor_id: 0x0403, product_id: 0x6001 };
const FTDI_X = { vendor_id: 0x0403, product_id: 0x6015 };
const CP210X = { vendor_id: 0x10c4, product_id: 0xea60 };
const DFU = { vendor_id: 0x0483, product_id: 0xdf11 };
const CH340 = { vendor_id: 0x1a86, product_id: 0x7523 };
const KEYSIGHT = { vendor_id: 0x2a8d };
const SERIAL = [FTDI, DFU, CP210X, CH340];
const USB = [FTDI_X, KEYSIGHT];

interface Grant {
  readonly devices: readonly object[];
  readonly urls: readonly string[];
}
const grant = (devices: readonly object[]) => [{ devices, urls: [ORIGIN] }];

let bench: Bench;
let json: (path: string) => Record<string, unknown>;
const texts = new Map<string, string>();
beforeAll(async () => {
  bench = new Bench();
  expect((await bench.provision()).exit).toBe(0);
  for (const [path, text] of bench.files()) texts.set(path, text);
  json = (path) => JSON.parse(texts.get(path)!) as Record<string, unknown>;
});

describe('devices', () => {
  test('those of all plugs in every slot, and those as which a device comes back; ids are decimal', () => {
    const policies = json('linux/chrome-policies.json');
    expect(policies['SerialAllowUsbDevicesForUrls']).toEqual(grant(SERIAL));
    expect(policies['WebUsbAllowDevicesForUrls']).toEqual(grant(USB));
    expect(json('linux/edge-policies.json')).toMatchObject({
      SerialAllowUsbDevicesForUrls: grant(SERIAL),
      WebUsbAllowDevicesForUrls: grant(USB),
    });
  });

  test('of one procedure alone, with a scanner', async () => {
    const one = new Bench();
    await one.provision(['--procedure', 'meters', '--scanner', '05F9:4204']);
    const policies = one.json('linux/chrome-policies.json');
    expect(policies['SerialAllowUsbDevicesForUrls']).toEqual(grant([{ vendor_id: 0x05f9, product_id: 0x4204 }]));
    expect(policies['WebUsbAllowDevicesForUrls']).toEqual(grant(USB));
  });

  test('none is no grant, and is told', async () => {
    const none = new Bench({ empty: { 'procedure.yaml': 'name: P\nmain: [{ name: A, steps: [{ wait: 1ms }] }]\n' } });
    expect((await none.provision()).err).toContain('nothing is granted');
    const names = Object.keys(none.json('linux/chrome-policies.json'));
    expect(names.filter((name) => name.includes('Allow') && name.includes('Devices'))).toEqual([]);
  });

  test('on a tablet a serial adapter is reached over WebUSB', () => {
    const [chrome] = json('android/policy.json')['applications'] as [{ managedConfiguration: Record<string, unknown> }];
    const managed = chrome.managedConfiguration;
    const granted = JSON.parse(managed['WebUsbAllowDevicesForUrls'] as string) as Grant[];
    expect(granted).toHaveLength(1);
    expect(granted[0]!.devices).toHaveLength(SERIAL.length + USB.length);
    expect(granted[0]!.devices).toEqual(expect.arrayContaining([...SERIAL, ...USB]));
    expect(JSON.parse(managed['SerialAllowAllPortsForUrls'] as string)).toEqual([ORIGIN]);
    expect(Object.values(managed).filter((value) => typeof value === 'object')).toEqual([]);
    expect(json('android/web-app.json')).toEqual({
      title: `Fieldbench ${STATION}`,
      startUrl: `${ORIGIN}/`,
      displayMode: 'FULL_SCREEN',
    });
    expect((json('chromeos/policies.json')['WebUsbAllowDevicesForUrls'] as Grant[])[0]!.devices).toHaveLength(6);
  });
});

describe('policies', () => {
  test('no origin but the station’s stands in any of them', () => {
    for (const [path, text] of texts) {
      if (!/\.(json|reg|mobileconfig|plist)$/.test(path) || path === 'provisioned.json') continue;
      const named = new Set([...text.matchAll(/https?:\/\/[^"<\\/\s]+/g)].map(([origin]) => origin));
      named.delete('http://www.apple.com'); // the document type of a property list
      expect([...named], path).toEqual([ORIGIN]);
    }
  });

  test('a computer of its own is closed to all else; a shared one is left open', async () => {
    expect(json('linux/chrome-policies.json')).toMatchObject({
      URLBlocklist: ['*'],
      URLAllowlist: [ORIGIN, 'chrome://policy', 'chrome://device-log', 'chrome://version'],
      DefaultSerialGuardSetting: 2,
      DefaultWebUsbGuardSetting: 2,
      DeveloperToolsAvailability: 2,
      ExtensionInstallBlocklist: ['*'],
    });
    const shared = new Bench();
    await shared.provision(['--shared']);
    const names = Object.keys(shared.json('linux/chrome-policies.json'));
    for (const name of ['URLBlocklist', 'DefaultSerialGuardSetting', 'DeveloperToolsAvailability', 'HomepageLocation'])
      expect(names).not.toContain(name);
    expect(names).toContain('SerialAllowUsbDevicesForUrls');
    expect(names).toContain('WebAppInstallForceList');
  });

  test('a technician may choose only where that is wanted', async () => {
    expect(json('linux/chrome-policies.json')).not.toHaveProperty('SerialAskForUrls');
    const open = new Bench();
    await open.provision(['--chooser']);
    expect(open.json('linux/chrome-policies.json')).toMatchObject({
      DefaultSerialGuardSetting: 2,
      SerialAskForUrls: [ORIGIN],
      WebUsbAskForUrls: [ORIGIN],
    });
  });

  test('names that only one browser knows are not given to the other', () => {
    const chrome = Object.keys(json('linux/chrome-policies.json'));
    const edge = Object.keys(json('linux/edge-policies.json'));
    expect(chrome).toContain('IncognitoModeAvailability');
    expect(edge).toContain('InPrivateModeAvailability');
    for (const name of [
      'IncognitoModeAvailability',
      'BookmarkBarEnabled',
      'BrowserAddPersonEnabled',
      'ChromeVariations',
    ])
      expect(edge).not.toContain(name);
    expect(chrome.filter((name) => /^(Edge|Hubs|InPrivate|Favorites)/.test(name))).toEqual([]);
    expect(json('linux/edge-policies.json')['URLAllowlist']).toContain('edge://policy');
  });
});

describe('Windows', () => {
  test('the registry file says the same, in its own form', () => {
    const text = texts.get('windows/chrome-policies.reg')!;
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(text).toMatch(/^[\x20-\x7e\r\n]+$/);
    const { values, channel } = readRegistry(text);
    expect(values).toEqual(json('linux/chrome-policies.json'));
    expect(channel).toBe('stable');
    expect(readRegistry(texts.get('windows/edge-policies.reg')!).values).toEqual(json('linux/edge-policies.json'));
  });

  test('full screen keeps the site’s data', () => {
    expect(texts.get('windows/chrome-full-screen.reg')).toContain(`chrome.exe --no-first-run`);
    expect(texts.get('windows/chrome-full-screen.reg')).toContain(`--kiosk ${ORIGIN}/`);
    const edge = texts.get('windows/edge-full-screen.reg')!;
    expect(edge).toContain(`--app=${ORIGIN}/ --start-fullscreen`);
    expect(edge, 'Edge’s kiosk mode is a private window').not.toContain('--kiosk');
  });
});

describe('macOS', () => {
  test('the profile says the same, as a property list', () => {
    const profile = plist(texts.get('macos/fieldbench.mobileconfig')!) as {
      PayloadContent: Record<string, unknown>[];
      PayloadUUID: string;
    };
    const uuids = [profile.PayloadUUID, ...profile.PayloadContent.map(({ PayloadUUID }) => String(PayloadUUID))];
    expect(new Set(uuids).size).toBe(3);
    for (const uuid of uuids) expect(uuid).toMatch(/^[0-9A-F]{8}-[0-9A-F]{4}-8[0-9A-F]{3}-A[0-9A-F]{3}-[0-9A-F]{12}$/);
    for (const [at, type, file] of [
      [0, 'com.google.Chrome', 'chrome'],
      [1, 'com.microsoft.Edge', 'edge'],
    ] as const) {
      const policies = Object.entries(profile.PayloadContent[at]!).filter(([name]) => !name.startsWith('Payload'));
      expect(profile.PayloadContent[at]!['PayloadType']).toBe(type);
      expect(Object.fromEntries(policies)).toEqual(json(`linux/${file}-policies.json`));
    }
    expect(plist(texts.get('macos/org.fieldbench.station.plist')!)).toMatchObject({
      KeepAlive: true,
      RunAtLoad: true,
      ProgramArguments: expect.arrayContaining(['--kiosk', `${ORIGIN}/`]),
    });
  });

  test('signs of XML in a text stay text', () => {
    expect(xmlTree(`<a b="${escapedXml('"<&>')}">${escapedXml('"<&>')}</a>`)).toMatchObject({
      text: '"<&>',
      attributes: { b: '"<&>' },
    });
  });
});

describe('Linux', () => {
  test('one rule a device lets it be opened and keeps ModemManager away; drivers let go of what the page drives', () => {
    const rules = texts.get('linux/60-fieldbench.rules')!.split('\n');
    const of = (id: string) => {
      const [vendor, product] = id.split(':');
      return rules.filter(
        (rule) =>
          !rule.startsWith('#') &&
          rule.includes(`{idVendor}=="${vendor}"`) &&
          (product === '*' || rule.includes(`{idProduct}=="${product}"`)),
      );
    };
    for (const id of ['0403:6001', '10c4:ea60', '0483:df11', '1a86:7523']) {
      expect(of(id).join('\n'), id).toMatch(/^SUBSYSTEM=="tty", .*GROUP="dialout", MODE="0660", TAG\+="uaccess"/m);
      expect(of(id).join('\n'), id).toContain('ENV{ID_MM_DEVICE_IGNORE}="1"');
      expect(of(id).join('\n'), 'a serial port needs its driver').not.toContain('unbind');
    }
    for (const id of ['2a8d:*', '0403:6015']) {
      expect(of(id).join('\n'), id).toMatch(/^SUBSYSTEM=="usb", ENV\{DEVTYPE\}=="usb_device", .*TAG\+="uaccess"/m);
      expect(of(id).join('\n'), id).toMatch(/^ACTION=="bind", .*DRIVER=="usbtmc\|.*RUN\+=.*unbind/m);
    }
    expect(rules.filter((rule) => rule.includes('2a8d')).join()).not.toContain('idProduct');
  });

  test('what is on a serial port and driven by the page keeps its driver, and that is said', async () => {
    const both = new Bench();
    await both.provision(['--procedure', 'meters', '--scanner', '0403:6015']);
    const rules = both.read('linux/60-fieldbench.rules');
    expect(rules).toMatch(/^# 0403:6015 is both/m);
    expect(rules.split('\n').filter((rule) => rule.includes('unbind') && rule.includes('6015'))).toEqual([]);
  });

  test('the browser is started again however it ends', () => {
    for (const unit of ['linux/fieldbench-kiosk.service', 'linux/fieldbench-kiosk-desktop.service']) {
      const text = texts.get(unit)!;
      expect(text).toContain('Restart=always');
      expect(text).toContain('StartLimitIntervalSec=0');
      expect(text).toContain(`/usr/local/lib/fieldbench/kiosk ${ORIGIN}\n`);
    }
  });
});

/** A registry file back into policies: numbers that were true and false cannot be told apart, so Chrome's own types decide. */
function readRegistry(text: string): { values: Record<string, unknown>; channel: string } {
  const values: Record<string, unknown> = {};
  let list: string[] | undefined;
  let channel = '';
  for (const line of text.split('\r\n').slice(1)) {
    const [, removed, key] = /^\[(-?)(.+)\]$/.exec(line) ?? [];
    if (key !== undefined) {
      const [, name] = /\\(?:Chrome|Edge)\\(\w+)$/.exec(key) ?? [];
      list = undefined;
      if (name !== undefined && removed === '') values[name] = list = [];
      else if (name !== undefined) expect(values).not.toHaveProperty(name);
      continue;
    }
    const [, name, word] = /^"([^"]+)"=(.+)$/.exec(line) ?? [];
    if (name === undefined || word === undefined) continue;
    const value = word.startsWith('dword:') ? Number.parseInt(word.slice(6), 16) : unquoted(word);
    if (name.startsWith('TargetChannel')) channel = String(value);
    else if (list) expect(list.push(String(value))).toBe(Number(name));
    else
      values[name] = typeof value === 'string' && value.startsWith('[{') ? JSON.parse(value) : asWritten(name, value);
  }
  return { values, channel };
}

const NUMBERS =
  /^Default\w+Guard|Availability$|^(BrowserSignin|NetworkPrediction|RestoreOn|ChromeVariations|DiagnosticData|Experimentation)/;
const asWritten = (name: string, value: string | number) =>
  typeof value === 'number' && !NUMBERS.test(name) ? value === 1 : value;
const unquoted = (text: string) => text.slice(1, -1).replaceAll('\\"', '"').replaceAll('\\\\', '\\');

/** A property list as plain data. */
function plist(text: string): unknown {
  return valueOf(xmlTree(text).children[0]!);
}

function valueOf(node: Node): unknown {
  switch (local(node)) {
    case 'dict': {
      const { children } = node;
      return Object.fromEntries(
        children.flatMap((key, at) => (local(key) === 'key' ? [[key.text, valueOf(children[at + 1]!)]] : [])),
      );
    }
    case 'array':
      return node.children.map(valueOf);
    case 'integer':
      return Number(node.text);
    case 'true':
    case 'false':
      return local(node) === 'true';
    default:
      expect(local(node)).toBe('string');
      expect(all(node, 'x')).toEqual([]);
      return node.text;
  }
}
