import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { parseJson } from '../../../../core/exact/parse.ts';
import { writeJson } from '../../../../core/exact/write.ts';
import { ContendError } from '../../../../core/errors.ts';
import { hostOf, isLoopback } from '../../../../core/reach.ts';

/** The version of what controller and agents say to each other, and of how it is sealed: both sides must have the same. */
export const protocolVersion = 1;

/** 32 bytes, known only to the machines of a run. */
export type ClusterKey = Uint8Array;

const keyBytes = 32;
const [nonceBytes, tagBytes, numberBytes] = [12, 16, 8];

/** The key used without a secret: it detects damage, and keeps no one out. */
const knownToAll: ClusterKey = new Uint8Array(keyBytes);

/** A new key as text: 43 characters of base64url. */
export const newKey = (): string => randomBytes(keyBytes).toString('base64url');

/** What an agent asks to be answered with, different each time: 22 characters. */
export const newChallenge = (): string => randomBytes(16).toString('base64url');

/**
 * The key that a cluster's messages are sealed with.
 *
 * @param text of CONTEND_CLUSTER_KEY; undefined or empty: there is none, which is fine if only this machine reaches Redis
 * @throws {ContendError} ERR_USAGE if it is not a key, or there is none and other machines reach that Redis
 */
export const clusterKeyFrom = (text: string | undefined, redisUrl: string): ClusterKey => {
  if (text !== undefined && text !== '') return parsed(text.trim());
  const host = hostOf(redisUrl);
  if (host !== undefined && isLoopback(host)) return knownToAll;
  throw new ContendError(
    'ERR_USAGE',
    `Redis at ${host ?? 'that address'} is reached by other machines, and there is no CONTEND_CLUSTER_KEY: whoever can write to it could use the agents.`,
    'contend agent --new-key prints a key: give the same one, as CONTEND_CLUSTER_KEY, to every agent and to the run.',
  );
};

const parsed = (text: string): ClusterKey => {
  const key = Buffer.from(text, 'base64url');
  // Node ignores characters that are not base64url, and so would accept half a key for a whole one.
  if (/^[\w-]{43}$/u.test(text) && key.length === keyBytes) return key;
  throw new ContendError(
    'ERR_USAGE',
    `CONTEND_CLUSTER_KEY is not a key: it has ${text.length} characters, and a key has 43 letters, digits, "-" and "_".`,
    'contend agent --new-key prints one.',
  );
};

/** Something sealed cannot be opened, and why. Its content is never shown. */
export class SealError extends Error {
  override readonly name = 'SealError';
  /**
   * `forged`: key, run, shard, kind, number, challenge or a bit of it differs. `replayed`: it came before, or is older than
   * what came before.
   */
  readonly why: 'forged' | 'replayed';

  constructor(why: 'forged' | 'replayed', kind: string) {
    super(why === 'forged' ? `${kind} is not sealed with this run's key` : `${kind} has come before`);
    this.why = why;
  }
}

/** What a seal is for: one agent, in one run. */
export interface SealedFor {
  readonly run: string;
  /** The agent's place in the run, from 0. */
  readonly shard: number;
}

/**
 * Seals what a controller and one agent tell each other, and opens what the other side has sealed: AES-256-GCM with a key
 * that HKDF derives from the cluster's key and the run's id. Protocol, run, shard, kind, number and challenge are
 * authenticated as well, so that no message can be taken for another.
 *
 * Each side has one for each agent. A kind is only used in one direction: a message that comes back to its sender cannot be
 * opened as another.
 *
 * @cost 0.4 ms for a megabyte; 10 µs for a message
 */
export class Seal {
  readonly #cluster: ClusterKey;
  readonly #of: SealedFor;
  readonly #challenge: string;
  readonly #key: Uint8Array;
  /** By kind: the number of the next one to be sealed. */
  readonly #next = new Map<string, number>();
  /** By kind: the smallest number that may still be opened. */
  readonly #expected = new Map<string, number>();

  /** @param challenge what every message is bound to; see {@link bound} */
  constructor(cluster: ClusterKey, of: SealedFor, challenge = '') {
    this.#cluster = cluster;
    this.#of = of;
    this.#challenge = challenge;
    this.#key = new Uint8Array(hkdfSync('sha256', cluster, of.run, `contend cluster ${protocolVersion}`, keyBytes));
  }

  /**
   * The seal for everything after an agent's hello, which contains the challenge: messages recorded in another session count
   * as forged here.
   */
  bound(challenge: string): Seal {
    return new Seal(this.#cluster, this.#of, challenge);
  }

  /** Seals the next message of its kind. */
  seal(kind: string, bytes: Uint8Array): Buffer {
    const number = this.#next.get(kind) ?? 0;
    this.#next.set(kind, number + 1);
    const head = Buffer.alloc(numberBytes);
    head.writeBigUInt64BE(BigInt(number));
    return Buffer.concat([head, this.sealAt(kind, number, bytes)]);
  }

  /**
   * Opens a message. Messages of a kind are opened in order, and some may have been lost.
   *
   * @throws {SealError}
   */
  open(kind: string, sealed: Uint8Array): Buffer {
    const given = bufferOf(sealed);
    if (given.length < numberBytes) throw new SealError('forged', kind);
    const number = Number(given.readBigUInt64BE());
    const opened = this.openAt(kind, number, given.subarray(numberBytes));
    if (number < (this.#expected.get(kind) ?? 0)) throw new SealError('replayed', kind);
    this.#expected.set(kind, number + 1);
    return opened;
  }

  /** {@link seal} for a value as JSON, in base64, for places where only text can go. */
  sealJson(kind: string, value: unknown): string {
    return this.seal(kind, Buffer.from(writeJson(value))).toString('base64');
  }

  /** Opens what {@link sealJson} has sealed. @throws {SealError} */
  openJson(kind: string, sealed: string): unknown {
    return parseJson(this.open(kind, Buffer.from(sealed, 'base64')).toString());
  }

  /** Seals one of several parts that both sides count. */
  sealAt(kind: string, number: number, ...parts: readonly Uint8Array[]): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(this.#about(kind, number));
    const body = parts.map((bytes) => cipher.update(bytes));
    return Buffer.concat([nonce, ...body, cipher.final(), cipher.getAuthTag()]);
  }

  /** Opens the part that must come next. @throws {SealError} */
  openAt(kind: string, number: number, sealed: Uint8Array): Buffer {
    const given = bufferOf(sealed);
    const end = given.length - tagBytes;
    if (end < nonceBytes) throw new SealError('forged', kind);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, given.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    })
      .setAAD(this.#about(kind, number))
      .setAuthTag(given.subarray(end));
    const body = decipher.update(given.subarray(nonceBytes, end));
    try {
      return Buffer.concat([body, decipher.final()]);
    } catch {
      // OpenSSL only says that the tag differs.
      throw new SealError('forged', kind);
    }
  }

  #about(kind: string, number: number): Buffer {
    const { run, shard } = this.#of;
    // A list in JSON, so that no field can reach into the next one.
    return Buffer.from(JSON.stringify([protocolVersion, run, shard, kind, number, this.#challenge]));
  }
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
