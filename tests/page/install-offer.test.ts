/** The browser's offer to install the app is never made by itself, and taken once. */
import { expect, test } from 'vitest';
import { keepInstallOffer } from '../../src/page/install-offer.ts';

function makeOffer(target: EventTarget, outcome: 'accepted' | 'dismissed') {
  let asked = 0;
  const event = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
    prompt: async () => {
      asked += 1;
      return { outcome };
    },
  });
  target.dispatchEvent(event);
  return { event, asked: () => asked };
}

test('it waits until a person asks for it, and is made once', async () => {
  const target = new EventTarget();
  const offer = keepInstallOffer(target);
  const heard: boolean[] = [];
  offer.on(() => heard.push(offer.isMade()));
  expect(offer.isMade()).toBe(false);
  expect(await offer.take(), 'there is none').toBe(false);
  heard.length = 0;
  const { event, asked } = makeOffer(target, 'accepted');
  expect(event.defaultPrevented, 'nothing lies over the screen').toBe(true);
  expect(asked()).toBe(0);
  expect(offer.isMade()).toBe(true);
  expect(await offer.take()).toBe(true);
  expect(await offer.take()).toBe(false);
  expect(asked()).toBe(1);
  expect(heard).toEqual([true, false, false]);
});

test('one that is not wanted may be made again by the browser; one that is installed otherwise is gone', async () => {
  const target = new EventTarget();
  const offer = keepInstallOffer(target);
  makeOffer(target, 'dismissed');
  expect(await offer.take()).toBe(false);
  const second = makeOffer(target, 'accepted');
  target.dispatchEvent(new Event('appinstalled'));
  expect(offer.isMade()).toBe(false);
  expect(await offer.take()).toBe(false);
  expect(second.asked()).toBe(0);
});

test('who stopped listening hears nothing', () => {
  const target = new EventTarget();
  const offer = keepInstallOffer(target);
  let heard = 0;
  const stop = offer.on(() => (heard += 1));
  stop();
  makeOffer(target, 'accepted');
  expect(heard).toBe(0);
});
