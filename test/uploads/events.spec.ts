// `GET …/events`: the upload's view each time it changes, until nothing more is to come. And whose calls an upload hears.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { Instrument, makePlatform, makeShareable, Sender, type UploadView } from '../support/instrument.js';
import { stageOf } from '../support/stage.js';
import { until } from '../support/wait.js';

let platformId: string;
let instrument: Instrument;

const stage = stageOf();
beforeAll(async () => {
  platformId = await makePlatform(stage.program);
  instrument = new Instrument(stage.server, (await makeShareable(stage.program, platformId)).token);
});

class Stream {
  readonly views: UploadView[] = [];
  readonly ended: Promise<void>;

  private constructor(reply: Response) {
    this.ended = this.read(reply);
  }

  static async open(id: string): Promise<Stream> {
    const reply = await fetch(`${stage.server}/api/v1/uploads/${id}/events`, {
      headers: { authorization: `Bearer ${instrument.token}` },
    });
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    return new Stream(reply);
  }

  get last(): UploadView | undefined {
    return this.views.at(-1);
  }

  private async read(reply: Response): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const part of reply.body ?? []) {
      text += decoder.decode(part, { stream: true });
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events)
        if (event.startsWith('data: ')) this.views.push(JSON.parse(event.slice('data: '.length)) as UploadView);
    }
  }
}

describe('the events of an upload', () => {
  it('tell each change, and end only when the deliveries have been made', async () => {
    const upload = await instrument.start();
    const stream = await Stream.open(upload.id);
    await until('the first view', () => (stream.last?.state === 'open' ? true : undefined));
    const sender = new Sender(upload.mediaflux);
    await sender.send('a', 'a');
    await instrument.putManifest(upload.id, sender.manifest);
    await until('the manifest being told', () => (stream.last?.files === 1 ? true : undefined));
    await stage.database.query('begin');
    await stage.database.query('lock table delivery in exclusive mode');
    expect((await instrument.complete(upload.id)).state).toBe('complete');
    await until('completion being told', () => (stream.last?.state === 'complete' ? true : undefined));
    expect(stream.last?.deliveries).toEqual([]);
    await stage.database.query('commit');
    await stream.ended;
    expect(stream.last).toMatchObject({ state: 'complete', deliveries: [{ recipient: 'ada@example.org' }] });
    expect(stream.views.map(({ state }) => state)).toEqual(expect.arrayContaining(['open', 'complete']));
    await sender.close();
  });

  it('end when it is given up, and at once where it has ended already', async () => {
    const { id } = await instrument.start();
    const stream = await Stream.open(id);
    await until('the first view', () => stream.last);
    await instrument.api.expect(204, 'DELETE', `/api/v1/uploads/${id}`);
    await stream.ended;
    expect(stream.last?.state).toBe('abandoned');
    const late = await Stream.open(id);
    await late.ended;
    expect(late.views.map(({ state }) => state)).toEqual(['abandoned']);
  });

  it('are not sent to a HEAD, which is answered and ends', async () => {
    const { id } = await instrument.start();
    const reply = await fetch(`${stage.server}/api/v1/uploads/${id}/events`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${instrument.token}` },
    });
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  });
});

describe('an upload that is compared', () => {
  const ask = async (id: string, prefer?: string): Promise<UploadView> => {
    const reply = await fetch(`${stage.server}/api/v1/uploads/${id}`, {
      headers: { authorization: `Bearer ${instrument.token}`, ...(prefer === undefined ? {} : { prefer }) },
    });
    return (await reply.json()) as UploadView;
  };

  it('is answered when it has been compared, to whoever prefers to wait, and at once to others', async () => {
    const { id, mediaflux } = await instrument.start();
    const sender = new Sender(mediaflux);
    await sender.send('a', 'a');
    await instrument.putManifest(id, sender.manifest);
    const isHeld = stage.hold('asset.query');
    await instrument.api.expect(202, 'POST', `/api/v1/uploads/${id}/complete`);
    await isHeld();
    let answer: UploadView | undefined;
    const waiting = ask(id, 'respond-async, wait="30"').then((view) => (answer = view));
    expect((await ask(id)).state).toBe('verifying');
    expect((await ask(id, 'wait=0')).state).toBe('verifying');
    expect((await ask(id, 'wait=soon')).state).toBe('verifying');
    const start = performance.now();
    expect((await ask(id, 'wait=1')).state).toBe('verifying');
    expect(performance.now() - start).toBeGreaterThan(900);
    expect(answer).toBeUndefined();
    stage.faults.clear();
    expect((await waiting).state).toBe('complete');
    expect((await ask(id, 'wait=30')).state).toBe('complete');
    await sender.close();
  });

  it('that could not be compared yet is told of without more waiting', async () => {
    const { id, mediaflux } = await instrument.start();
    const sender = new Sender(mediaflux);
    await sender.send('a', 'a');
    await instrument.putManifest(id, sender.manifest);
    stage.faults.set({ service: 'asset.query', action: { error: 'broken' } });
    await instrument.api.expect(202, 'POST', `/api/v1/uploads/${id}/complete`);
    const told = await until('the trouble', async () => {
      const view = await ask(id, 'wait=30');
      return view.verificationTrouble ? view : undefined;
    });
    expect(told.state).toBe('verifying');
    stage.faults.clear();
    await sender.close();
  });
});

describe("another shareable's token", () => {
  let upload: { id: string };
  let delivery: { id: string } | undefined;
  let stranger: Instrument;

  beforeAll(async () => {
    const complete = await instrument.start();
    const sender = new Sender(complete.mediaflux);
    await sender.send('a', 'a');
    await instrument.putManifest(complete.id, sender.manifest);
    expect((await instrument.complete(complete.id)).state).toBe('complete');
    delivery = await until('the delivery', async () => (await instrument.get(complete.id)).deliveries[0]);
    await sender.close();
    upload = await instrument.start();
    stranger = new Instrument(stage.server, (await makeShareable(stage.program, platformId)).token);
  });

  const calls: [string, string, unknown][] = [
    ['GET', '', undefined],
    ['GET', '/mismatches', undefined],
    ['GET', '/events', undefined],
    ['PATCH', '', { note: 'mine' }],
    ['POST', '/credential', undefined],
    ['POST', '/complete', undefined],
    ['POST', '/deliveries', { recipient: 'eve@example.org' }],
    ['DELETE', '', undefined],
  ];

  it.each(calls)('finds no such upload, and changes nothing: %s …%s', async (method, path, body) => {
    const before = await instrument.get(upload.id);
    expect((await stranger.api.call(method, `/api/v1/uploads/${upload.id}${path}`, body)).status).toBe(404);
    expect(await instrument.get(upload.id)).toEqual(before);
  });

  it('finds no such upload for its manifest', async () => {
    const reply = await stranger.putManifest(upload.id, '{"path":"a","size":1,"crc32":"00000000"}');
    expect(reply.status).toBe(404);
    expect((await instrument.get(upload.id)).files).toBe(0);
  });

  it('neither adds to nor revokes the deliveries of what is complete', async () => {
    const { rows } = await stage.database.query<{ upload_id: string }>('select upload_id from delivery where id = $1', [
      delivery?.id,
    ]);
    const place = `/api/v1/uploads/${rows[0]?.upload_id ?? ''}/deliveries`;
    expect((await stranger.api.call('POST', place, { recipient: 'eve@example.org' })).status).toBe(404);
    expect((await stranger.api.call('POST', `${place}/${delivery?.id ?? ''}/revoke`)).status).toBe(404);
    // Nor through an upload of its own.
    const own = await stranger.start();
    const through = `/api/v1/uploads/${own.id}/deliveries/${delivery?.id ?? ''}/revoke`;
    expect([404, 409]).toContain((await stranger.api.call('POST', through)).status);
    const { deliveries } = await instrument.get(rows[0]?.upload_id ?? '');
    expect(deliveries.map(({ recipient, state }) => [recipient, state])).toEqual([
      ['ada@example.org', expect.stringMatching(/^(?:pending|open)$/)],
    ]);
    expect((await instrument.api.call('POST', `${place}/${delivery?.id ?? ''}/revoke`)).status).toBe(200);
  });
});
