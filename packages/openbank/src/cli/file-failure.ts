const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder.',
  EACCES: 'this user may not open it.',
  EISDIR: 'it is a directory: name a file.',
  ENOTDIR: 'a part of its path is no directory.',
  ENOSPC: 'the disk is full.',
  EDQUOT: 'what this user may keep there is used up.',
  EFBIG: 'it may not become so large here.',
  EIO: 'its disk has failed.',
  EROFS: 'its disk is read only.',
  ENAMETOOLONG: 'its path is too long.',
  EPIPE: 'nobody reads it any more.',
};

/** What a file, or what stands for one, has failed with; undefined where it is no such failure. */
export function fileFailure(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? REASONS[String(error.code)] : undefined;
}
