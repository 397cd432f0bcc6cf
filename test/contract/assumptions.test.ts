/** Every behaviour the vendor leaves open can be switched, can be told from outside, and leaves callbackd's client right. */

import { afterAll, describe, expect, it } from 'vitest';
import { markName } from '../../src/model/mark.ts';
import { SWITCHES, type Switches, type SwitchName } from '../../src/sandbox/switches.ts';
import { settle } from '../builders/call-sandbox.ts';
import { PROBES, probe } from './assumptions.ts';
import { openInProcessSandbox, openRealPlatform } from './open-subjects.ts';
import { leadThroughLife } from './platform-contract.ts';
import { openPlatform } from './subject.ts';

/** A value to try for each switch that takes a number. */
const SAMPLES: Partial<Record<SwitchName, number>> = {
  nameMax: 40,
  duplicateNameCode: 4201,
  maxApps: 3,
  maxAppsCode: 4202,
  challengeFailedCode: 4203,
  authCode: 4100,
  appearLagMs: 1000,
  disappearLagMs: 700,
  updateLagMs: 1500,
  eventsLagMs: 900,
  clockSkewMs: 60_000,
};

/** What else must be set for a switch to matter. */
const NEEDS: Partial<Record<SwitchName, Partial<Switches>>> = {
  duplicateNameCode: { uniqueNames: true },
  maxAppsCode: { maxApps: 2 },
};

const worlds = (Object.keys(SWITCHES) as SwitchName[]).flatMap((name) => {
  const { choices } = SWITCHES[name];
  const values = choices === 'number' ? [SWITCHES[name].default, SAMPLES[name]] : choices;
  return values.map((value) => ({
    name,
    value,
    switches: { ...NEEDS[name], [name]: value } as Partial<Switches>,
  }));
});

describe('the sandbox', () => {
  it.each(worlds)('lets a client find out that $name is $value', async ({ name, value, switches }) => {
    const subject = openInProcessSandbox(switches);
    expect(await settle(subject.clock, probe(subject, name))).toBe(value);
  });

  it('has a probe and a sample for every switch', () => {
    const numeric = (Object.keys(SWITCHES) as SwitchName[]).filter(
      (name) => SWITCHES[name].choices === 'number',
    );
    expect(Object.keys(PROBES).sort()).toEqual(Object.keys(SWITCHES).sort());
    expect(Object.keys(SAMPLES).sort()).toEqual(numeric.sort());
  });
});

describe('the client leads an app through its life', () => {
  it.each(worlds)('where $name is $value', async ({ switches }) => {
    const subject = openInProcessSandbox(switches);
    const { platform, reports } = openPlatform(subject);
    const canUnsubscribe = switches.deleteBody !== 'dropped';
    await settle(subject.clock, leadThroughLife(subject, platform, { canUnsubscribe }));
    expect(subject.sandbox.apps()).toEqual([]);
    const logids = new Set(subject.sandbox.records.list().map((record) => record.logid));
    expect(new Set(reports.map((report) => report.logid))).toEqual(logids);
  });

  it('where everything is odd at once', async () => {
    const subject = openInProcessSandbox({
      idStyle: 'number',
      codeStyle: 'string',
      detail: 'missing',
      emptyListData: 'null',
      lastHasMore: 'missing',
      lastPageToken: 'empty',
      writeData: 'null',
      errorStyle: 'code_in_200',
      listOrder: 'random',
      appearLagMs: 800,
      disappearLagMs: 800,
      updateLagMs: 800,
      uniqueNames: true,
      eventsNeedUrl: true,
      repeatedEvents: 'refused',
    });
    const { platform } = openPlatform(subject);
    await settle(subject.clock, leadThroughLife(subject, platform));
    expect(subject.sandbox.apps()).toEqual([]);
  });
});

describe('a marked name', () => {
  const name = 'App 1';
  const marked = markName(name, { tag: '0aef', nonce: '0123abcd' });
  const cases: readonly (readonly [how: string, switches: Partial<Switches>, kept: string | undefined])[] = [
    ['is kept', {}, marked],
    ['is cut', { nameMax: 12, longNames: 'cut' }, 'App 1-cb0aef'],
    ['is normalised', { namePunctuation: 'dropped' }, 'App 1cb0aef0123abcd'],
    ['is refused for its length', { nameMax: 12 }, undefined],
    ['is refused for its characters', { namePunctuation: 'refused' }, undefined],
  ];
  it.each(cases)(
    '%s, and the real one is taken, also where names are unique',
    async (_how, switches, kept) => {
      const subject = openInProcessSandbox({ ...switches, uniqueNames: true });
      const { platform } = openPlatform(subject);
      const context = { signal: new AbortController().signal };
      const create = (sent: string) => platform.createApp({ appType: 'normal', name: sent }, context);
      if (kept === undefined) {
        await expect(settle(subject.clock, create(marked))).rejects.toMatchObject({
          details: { kind: 'invalid' },
        });
        await settle(subject.clock, create(name));
      } else {
        const { id } = await settle(subject.clock, create(marked));
        expect(subject.sandbox.apps()).toMatchObject([{ name: kept }]);
        await settle(subject.clock, platform.updateApp(id, { name }, context));
      }
      expect(subject.sandbox.apps()).toMatchObject([{ name }]);
      await expect(settle(subject.clock, create(name))).rejects.toMatchObject({
        details: { kind: 'invalid' },
      });
    },
  );
});

const real = openRealPlatform(process.env);
describe.runIf(real !== undefined)('the real platform', () => {
  const found: string[] = [];
  afterAll(async () => {
    await real?.close();
    process.stderr.write(`\nWhat this platform does where the vendor says nothing:\n${found.join('\n')}\n`);
  });

  it.each(Object.keys(SWITCHES) as SwitchName[])(
    'shows a known choice of %s',
    async (name) => {
      if (real === undefined) return;
      const value = await probe(real, name);
      found.push(
        `  ${name}: ${value === undefined ? 'cannot be told here' : value} (${SWITCHES[name].about})`,
      );
      const { choices } = SWITCHES[name];
      if (choices === 'number') expect(typeof (value ?? 0)).toBe('number');
      else expect([undefined, ...choices]).toContain(value);
    },
    60_000,
  );
});
