import { randomUUID } from 'node:crypto';
import { binaryEvent, FORWARDS, NO_STREAM, START, streamNameFilter } from '@kurrent/kurrentdb-client';
import { describe, expect, test } from 'vitest';
import { all, asksServer, event, events } from './questions.ts';

const server = asksServer();
const { multi } = server;

describe('what is stored of a call to several streams', () => {
  const readBack = async (name: string) =>
    (await all(server.client().readStream(server.stream(name), { maxCount: 1 })))[0]?.event;

  test('metadata with the name and the format of the schema', async () => {
    await multi(['flat', NO_STREAM, event(0, { metadata: { $correlationId: 'c1', 'b.c': 'é', empty: '' } })]);
    expect((await readBack('flat'))?.metadata).toEqual({
      $correlationId: 'c1',
      'b.c': 'é',
      empty: '',
      '$schema.format': 'Json',
      '$schema.name': 'Deposited',
    });
  });

  test('binary events with metadata that is JSON', async () => {
    await multi(['bytes', NO_STREAM, binaryEvent({ type: 'B', data: Buffer.from('hello') })]);
    expect(await readBack('bytes')).toMatchObject({
      isJson: false,
      data: Buffer.from('hello'),
      metadata: { '$schema.format': 'Bytes', '$schema.name': 'B' },
    });
  });

  test('an id may stand in two streams of one call, and twice in one', async () => {
    const id = randomUUID();
    expect(await multi(['id-1', NO_STREAM, event(0, { id })], ['id-2', NO_STREAM, event(0, { id })])).toEqual(
      {
        'id-1': 0n,
        'id-2': 0n,
      },
    );
    expect(await multi(['id-3', NO_STREAM, event(0, { id }), event(1, { id })])).toEqual({ 'id-3': 1n });
  });

  test('its events lie one behind the other, at positions of their own, the last of which is the answer', async () => {
    const { position } = await server.client().multiStreamAppend([
      { streamName: server.stream('order-1'), expectedState: NO_STREAM, events: events(2) },
      { streamName: server.stream('order-2'), expectedState: NO_STREAM, events: events(2) },
    ]);
    const filter = streamNameFilter({ prefixes: [server.stream('order-')] });
    const read = await all(
      server.client().readAll({ direction: FORWARDS, fromPosition: START, maxCount: 10, filter }),
    );
    const places = read.map(({ event: found }) => found?.position.commit ?? -1n);
    expect(read.map(({ event: found }) => `${found?.streamId.slice(-7)}@${found?.revision}`)).toEqual([
      'order-1@0',
      'order-1@1',
      'order-2@0',
      'order-2@1',
    ]);
    expect(places).toEqual([...new Set(places)].sort((x, y) => Number(x - y)));
    expect(read.map(({ event: found }) => found?.position.prepare)).toEqual(places);
    expect(position).toBe(places.at(-1));
  });
});
