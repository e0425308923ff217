/** The types of frames (RFC 9113, 6) that this client knows; all others are ignored. */
export const FrameType = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Flags of frames; ACK is for SETTINGS and PING. */
export const Flag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

/** The names in SETTINGS (RFC 9113, 6.5.2). */
export const Setting = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
} as const;

/** Why a stream or a connection ends (RFC 9113, 7). */
export const ErrorCode = {
  NO_ERROR: 0,
  PROTOCOL_ERROR: 1,
  INTERNAL_ERROR: 2,
  FLOW_CONTROL_ERROR: 3,
  SETTINGS_TIMEOUT: 4,
  STREAM_CLOSED: 5,
  FRAME_SIZE_ERROR: 6,
  REFUSED_STREAM: 7,
  CANCEL: 8,
  COMPRESSION_ERROR: 9,
  CONNECT_ERROR: 10,
  ENHANCE_YOUR_CALM: 11,
  INADEQUATE_SECURITY: 12,
  HTTP_1_1_REQUIRED: 13,
} as const;

const names = new Map<number, string>(Object.entries(ErrorCode).map(([name, code]) => [code, name]));

/** `REFUSED_STREAM`, or `code 99` if it has no name. */
export const nameOfCode = (code: number): string => names.get(code) ?? `code ${code}`;

/** The length of the head before the payload of each frame. */
export const headBytes = 9;

/** What every endpoint accepts; we do not ask for more (RFC 9113, 4.2). */
export const defaultFrameBytes = 16_384;

/** Limit of a flow-control window, and of the settings that give one. */
export const largestWindow = 2 ** 31 - 1;

/** Window of the streams, and of the connection, until it is set otherwise. */
export const defaultWindow = 65_535;

/** What a client sends first (RFC 9113, 3.4). */
export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** Writes the head of a frame. */
export const writeHead = (into: Buffer, at: number, length: number, type: number, flags: number, id: number): void => {
  into[at] = length >> 16;
  into[at + 1] = length >> 8;
  into[at + 2] = length;
  into[at + 3] = type;
  into[at + 4] = flags;
  into[at + 5] = id >> 24;
  into[at + 6] = id >> 16;
  into[at + 7] = id >> 8;
  into[at + 8] = id;
};

/** Writes 32 bits. */
export const writeNumber = (into: Buffer, at: number, number: number): void => {
  into[at] = number >> 24;
  into[at + 1] = number >> 16;
  into[at + 2] = number >> 8;
  into[at + 3] = number;
};

/** Reads 32 bits. */
export const readNumber = (bytes: Buffer, at: number): number =>
  bytes[at]! * 0x1000000 + (bytes[at + 1]! << 16) + (bytes[at + 2]! << 8) + bytes[at + 3]!;

/** Reads 31 bits: the bit before them means nothing (RFC 9113, 4.1). */
export const readId = (bytes: Buffer, at: number): number => readNumber(bytes, at) & 0x7fffffff;
