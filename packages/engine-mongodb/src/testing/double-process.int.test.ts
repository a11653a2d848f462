import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { withDouble } from './double/use-mongo.ts';

const PROGRAM = fileURLToPath(new URL('./double-process.ts', import.meta.url));

describe.runIf(withDouble)('the double as a process', () => {
  it('says where it listens, serves, and ends when it is told to', async () => {
    const child = spawn(process.execPath, [PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    const [line]: unknown[] = await once(child.stdout, 'data');
    const { connectionString } = JSON.parse(String(line));
    const client = new MongoClient(connectionString);
    await client.db('test').collection('things').insertOne({ a: 1 });
    expect(await client.db('test').collection('things').countDocuments()).toBe(1);
    await client.close();
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });
});
