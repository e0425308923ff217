import { messageOf } from '../core/errors.ts';

/**
 * Why the file system refused an operation, in words.
 *
 * @throws the error itself if it is not a refusal of the file system: that is a bug
 */
export const refusalOf = (error: unknown): string => {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string') throw error;
  return words[code] ?? messageOf(error);
};

const words: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'its file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a file is in the way',
  EEXIST: 'a file is in the way',
  EISDIR: 'it is a folder',
  ENOTFILE: 'it is a device or a pipe, not a file',
};
