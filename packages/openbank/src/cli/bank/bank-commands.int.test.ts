import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALICE_FLAGS, type BankShell, openBankShell } from '../../testing/bank-shell.ts';
import { fakeIo } from '../../testing/fake-io.ts';
import { EXIT } from '../exit-code.ts';
import { runProgram } from '../program.ts';

let shell: BankShell;
beforeAll(async () => {
  shell = await openBankShell();
});
afterAll(() => shell.close());

describe('a person from the shell', () => {
  it('is registered and shown', async () => {
    const address = ['--street-name', 'Main Street', '--street-number', '12a', '--zip-code', '62704'];
    const place = ['--city', 'Springfield', '--country', 'US'];
    const id = await shell.idOf('person', 'register', ...ALICE_FLAGS, ...address, ...place);
    const { out } = await shell.run('person', 'show', id);
    expect(out.slice(0, 6)).toEqual([
      `person            ${id}`,
      'name              Alice Smith',
      'date of birth     1990-05-15',
      'nationality       US',
      'gender            FEMALE',
      'address           Main Street 12a, 62704 Springfield, US',
    ]);
  });

  it('needs a whole address, or none', async () => {
    const { code, err } = await shell.run('person', 'register', ...ALICE_FLAGS, '--city', 'Springfield');
    expect(code).toBe(EXIT.usage);
    expect(err).toContain('--street-name');
  });

  it('is corrected in what is given, and stays as it was else', async () => {
    const id = await shell.registerAlice();
    const { out } = await shell.run('person', 'correct', id, '--last-name', 'Jones');
    expect(out).toContain('name              Alice Jones');
    expect((await shell.run('person', 'show', id)).out).toContain('date of birth     1990-05-15');
  });

  it('is not corrected without a word of what changes', async () => {
    const id = await shell.registerAlice();
    const { code, err } = await shell.run('person', 'correct', id);
    expect({ code, err }).toEqual({
      code: EXIT.usage,
      err: 'openbank: Give at least one flag of what changes, such as --last-name.',
    });
  });

  it('is in a list, page by page', async () => {
    await shell.registerAlice();
    await shell.registerAlice();
    const first = await shell.run('person', 'list', '--limit', '1');
    expect(first.out).toHaveLength(4);
    const [, cursor = ''] = /--cursor (\S+)$/.exec(first.out.at(-1) ?? '') ?? [];
    const second = await shell.run('person', 'list', '--limit', '1', '--cursor', cursor);
    expect(second.out[1]).toMatch(/^[0-9a-f]{32} {2}Alice Jones|Smith {2}1990-05-15 {2}US$/);
    expect(second.out[1]).not.toBe(first.out[1]);
  });
});

describe('an account from the shell', () => {
  it('is listed by owner, aligned', async () => {
    const owner = await shell.registerAlice();
    await shell.json('account', 'open', owner, '--overdraft-limit', '500');
    const { out } = await shell.run('account', 'list', '--owner', owner);
    expect(out[0]).toMatch(/^ACCOUNT {27}OWNER {8}BALANCE {2}AVAILABLE {2}CURRENCY {2}STATUS/);
    expect(out[1]).toMatch(/^[0-9a-f]{32} {2}Alice Smith +0\.00 +500\.00 {2}USD +OPEN$/);
  });

  it('is said to be none where there is none', async () => {
    const { out } = await shell.run('account', 'list', '--owner', await shell.registerAlice());
    expect(out).toEqual(['There are none.']);
  });

  it('is frozen, unfrozen, given another limit, and closed', async () => {
    const id = await shell.openAccount();
    expect((await shell.run('account', 'freeze', id)).out).toContain('status            FROZEN');
    const refused = await shell.run('deposit', id, '1');
    expect(refused).toMatchObject({ code: EXIT.failed, err: expect.stringContaining('unfreeze') });
    await shell.json('account', 'unfreeze', id);
    const { out } = await shell.run('account', 'overdraft-limit', id, '10');
    expect(out).toContain('available         10.00 USD');
    await shell.json('account', 'close', id);
    expect((await shell.run('account', 'show', id)).out).toContain('status            CLOSED');
  });

  it('is named alone by each write that is quiet', async () => {
    const owner = await shell.registerAlice();
    const id = await shell.openAccount();
    const only = async (...args: readonly string[]) => (await shell.run(...args, '-q')).out;
    expect(await only('account', 'freeze', id)).toEqual([id]);
    expect(await only('account', 'unfreeze', id)).toEqual([id]);
    expect(await only('account', 'overdraft-limit', id, '10')).toEqual([id]);
    expect(await only('account', 'close', id)).toEqual([id]);
    expect(await only('person', 'correct', owner, '--no-address')).toEqual([owner]);
  });

  it('of no id is a wrong command line, in which the argument is named', async () => {
    const { code, err } = await shell.run('account', 'show', 'mine');
    expect(code).toBe(EXIT.usage);
    expect(err).toMatch(/^openbank: account-id must /);
  });

  it('shows its events as the log holds them', async () => {
    const { out } = await shell.run('account', 'events', await shell.openAccount());
    expect(out).toHaveLength(2);
    expect(out[1]).toContain('BankAccountCreatedDomainEventV1');
  });
});

describe('a revision', () => {
  const revisionIn = ({ out }: { readonly out: readonly string[] }) =>
    out.find((line) => line.startsWith('revision '))?.replace(/^revision +/, '');

  it('is shown of an account and a person, and by each write that changes one', async () => {
    const person = await shell.run('person', 'register', ...ALICE_FLAGS);
    const [owner = ''] = /[0-9a-f]{32}/.exec(person.out.join('\n')) ?? [];
    const opened = await shell.run('account', 'open', owner);
    const [id = ''] = /[0-9a-f]{32}/.exec(opened.out.join('\n')) ?? [];
    expect([person, opened].map(revisionIn)).toEqual(['0', '0']);
    expect(revisionIn(await shell.run('account', 'freeze', id))).toBe('1');
    expect(revisionIn(await shell.run('account', 'unfreeze', id))).toBe('2');
    expect(revisionIn(await shell.run('account', 'overdraft-limit', id, '10'))).toBe('3');
    expect((await shell.run('account', 'show', id)).out.at(-1)).toBe('revision          3');
    // To have an account is an event of the person's too.
    expect(revisionIn(await shell.run('person', 'correct', owner, '--last-name', 'Jones'))).toBe('2');
    expect(revisionIn(await shell.run('person', 'show', owner))).toBe('2');
  });

  it.each(['0', '"0"'])('binds a write as %s, and it is refused where that is past', async (revision) => {
    const id = await shell.openAccount();
    const bound = ['--if-match', revision];
    expect(await shell.run('deposit', id, '1', ...bound)).toMatchObject({ code: EXIT.ok });
    const refused = await shell.run('deposit', id, '1', ...bound);
    expect(refused).toMatchObject({ code: EXIT.failed, err: expect.stringContaining('--if-match') });
  });

  it('that is none is a wrong command line', async () => {
    const id = await shell.openAccount();
    const { code, err } = await shell.run('deposit', id, '1', '--if-match', 'latest');
    expect(code).toBe(EXIT.usage);
    expect(err).toMatch(/^openbank: --if-match /);
  });
});

describe('a dry run', () => {
  it('shows what would be answered, and records nothing', async () => {
    const id = await shell.openAccount();
    const { out } = await shell.run('deposit', id, '10', '--dry-run');
    expect(out).toContain('balance           10.00 USD');
    expect(out.at(-1)).toBe('A dry run: nothing was recorded.');
    expect((await shell.run('account', 'show', id)).out).toContain('balance           0.00 USD');
  });

  it('says so to scripts too, which else have the answer as it is', async () => {
    const id = await shell.openAccount();
    expect(await shell.json('deposit', id, '10', '--dry-run')).toMatchObject({
      dry_run: true,
      balance: '10.00',
    });
    expect(await shell.json('deposit', id, '10')).not.toHaveProperty('dry_run');
  });
});

describe('the past', () => {
  it('is shown as of a position: an account, its statement, its transactions and the books', async () => {
    const id = await shell.openAccount();
    const { transaction } = await shell.json('deposit', id, '10');
    const { data: events } = await shell.json('account', 'events', id);
    const then = ['--as-of-position', String(Object(events).at(-1).position)];
    await shell.json('deposit', id, '5');
    const shown = await shell.run('account', 'show', id, ...then);
    expect(shown.out).toContain('balance           10.00 USD');
    expect(shown.out.at(-1)).toBe(`As of position ${then[1]}.`);
    expect((await shell.run('account', 'statement', id, ...then)).out).toHaveLength(3);
    expect(await shell.run('transaction', 'show', Object(transaction).id, ...then)).toMatchObject({
      code: EXIT.ok,
    });
    expect(await shell.run('trial-balance', ...then)).toMatchObject({ code: EXIT.ok });
  });

  it('is shown as of a position without its zeros', async () => {
    const id = await shell.openAccount();
    await shell.json('deposit', id, '10');
    const { data: events } = await shell.json('account', 'events', id);
    const position = String(Object(events).at(-1).position);
    expect(position).toMatch(/^0/);
    await shell.json('deposit', id, '5');
    const { out } = await shell.run('account', 'show', id, '--as-of-position', String(Number(position)));
    expect(out).toContain('balance           10.00 USD');
    expect(out.at(-1)).toBe(`As of position ${position}.`);
  });

  it('is shown as of the start of a day, in UTC', async () => {
    await shell.json('deposit', await shell.openAccount(), '10');
    const today = new Date().toISOString().slice(0, 10);
    const then = await shell.run('trial-balance', '--as-of', today);
    expect(then).toMatchObject({
      code: EXIT.failed,
      err: expect.stringContaining('Nothing was booked then'),
    });
    const { code, err } = await shell.run('trial-balance', '--as-of', '9999-12-31');
    expect(code).toBe(EXIT.usage);
    expect(err).toMatch(/^openbank: --as-of must not be in the future/);
  });

  it.each(['--as-of', '--from', '--to'])(
    'at no time is a wrong command line of its own: %s',
    async (flag) => {
      const { code, err } = await shell.run(
        'account',
        'statement',
        await shell.openAccount(),
        flag,
        'yesterday',
      );
      expect(code).toBe(EXIT.usage);
      expect(err).toContain('Give a day, such as 2026-01-31, or a time');
      expect(err).not.toContain('%2B');
    },
  );

  it('knows no account before it was opened', async () => {
    const owner = await shell.registerAlice();
    const before = ['--as-of', new Date().toISOString()];
    await shell.json('account', 'open', owner);
    expect((await shell.run('account', 'by-owner', owner)).out).toHaveLength(2);
    expect((await shell.run('account', 'by-owner', owner, ...before)).out[0]).toBe('There are none.');
  });
});

describe('where no bank answers', () => {
  it('ends with 3 and says how to start one', async () => {
    const io = fakeIo();
    expect(await runProgram(['account', 'list', '--data', '/nowhere/bank'], io)).toBe(EXIT.notRunning);
    expect(io.errLines.join('\n')).toMatch(/no bank runs in \/nowhere\/bank\. .*\.\/openbank start/);
  });

  it('ends with 2 for an address that is none', async () => {
    const { code, err } = await shell.run('account', 'list', '--url', 'localhost');
    expect(code).toBe(EXIT.usage);
    expect(err).toContain('http://localhost:8899');
  });
});
