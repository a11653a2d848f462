import type { Findings } from '@openbank/eventsourcing';

/**
 * Streams of which the server shows less than was written, or nothing: their events are in the log as long as nobody scavenges,
 * and are lost to commands now. Nobody who keeps books deletes streams or sets `$maxAge` or `$maxCount` on them.
 */
export interface Truncations {
  /** The metadata of a stream were changed. */
  changed(stream: string, metadata: string): void;
  /** A stream was deleted for good. */
  tombstoned(stream: string): void;
  /** @param isOwn - whether the stream is one of the log's */
  report(findings: Findings, isOwn: (stream: string) => boolean): void;
}

export function createTruncations(): Truncations {
  const truncated = new Map<string, string>();
  return {
    changed(stream, metadata) {
      const found = truncationIn(metadata);
      if (found === undefined) truncated.delete(stream);
      else truncated.set(stream, found);
    },
    tombstoned(stream) {
      truncated.set(stream, 'somebody has deleted it for good');
    },
    report(findings, isOwn) {
      for (const [stream, what] of truncated) {
        if (isOwn(stream)) findings.add('stream-truncated', stream, what);
      }
    },
  };
}

function truncationIn(metadata: string): string | undefined {
  let fields: object;
  try {
    fields = Object(JSON.parse(metadata));
  } catch {
    return undefined;
  }
  const names = ['$tb', '$maxAge', '$maxCount'].filter((name) => name in fields);
  return names.length === 0
    ? undefined
    : `the server leaves out some of its events: its metadata have ${names.join(', ')}`;
}
