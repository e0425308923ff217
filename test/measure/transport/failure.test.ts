import { describe, expect, test } from 'vitest';
import {
  connectFailure,
  detailOf,
  mayElsewhere,
  mostTelling,
  notConnectedInTime,
  outOfPorts,
  sentFailure,
} from '../../../src/measure/transport/failure.ts';

const errorOf = (code: string): Error => Object.assign(new Error(`it was ${code}`), { code });

describe('an error of the network', () => {
  test.each([
    ['ECONNREFUSED', 'connect', 'protocol'],
    ['ECONNRESET', 'connect', 'reset'],
    ['EPIPE', 'connect', 'reset'],
    ['ETIMEDOUT', 'connect', 'reset'],
    ['EHOSTUNREACH', 'connect', 'reset'],
    ['ENOENT', 'connect', 'protocol'],
    ['EMFILE', 'generator', 'generator'],
    ['EADDRNOTAVAIL', 'generator', 'generator'],
    ['EADDRINUSE', 'generator', 'generator'],
    ['ENOBUFS', 'generator', 'generator'],
    ['EAGAIN', 'connect', 'protocol'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'tls'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', 'tls'],
    ['CERT_HAS_EXPIRED', 'tls', 'tls'],
    ['EPROTO', 'tls', 'tls'],
    ['EAI_AGAIN', 'dns', 'protocol'],
    ['', 'generator', 'protocol'],
  ])('%s is %s before there was a connection, and %s on an open one', (code, before, on) => {
    expect([connectFailure(errorOf(code)), sentFailure(errorOf(code))]).toEqual([before, on]);
  });

  test('has the code of what it stands for', () => {
    expect(connectFailure(new AggregateError([errorOf('ECONNREFUSED'), errorOf('EMFILE')]))).toBe('connect');
    expect(connectFailure(new Error('it failed', { cause: errorOf('ENOTFOUND') }))).toBe('dns');
  });

  test('says how to mend it where it is the machine’s limit', () => {
    expect(detailOf(errorOf('EMFILE'))).toContain('ulimit -n');
    expect(detailOf(errorOf('ENFILE'))).toContain('fs.file-max');
    expect(detailOf(errorOf('ENOBUFS'))).toContain('fewer users');
    expect(detailOf(errorOf('EADDRINUSE'))).toContain('ip_local_port_range');
    expect(detailOf(errorOf('EPIPE'))).toBe('it was EPIPE');
  });
});

describe('of several addresses', () => {
  test('the next one is tried where nobody answered, and where this machine has none of its kind', () => {
    const codes = ['ECONNREFUSED', 'ENETUNREACH', 'ETIMEDOUT', 'EADDRNOTAVAIL', 'EAFNOSUPPORT'];
    expect(codes.filter((code) => !mayElsewhere(errorOf(code)))).toEqual([]);
    expect(mayElsewhere(notConnectedInTime(2_000_000))).toBe(true);
    expect(['EMFILE', 'SELF_SIGNED_CERT_IN_CHAIN', ''].filter((code) => mayElsewhere(errorOf(code)))).toEqual([]);
  });

  test('the error is told that says most', () => {
    const [refused, certificate, absent] = [errorOf('ECONNREFUSED'), errorOf('EPROTO'), errorOf('EADDRNOTAVAIL')];
    expect(mostTelling([absent, refused, certificate])).toBe(certificate);
    expect(mostTelling([absent, refused])).toBe(refused);
    expect(mostTelling([absent])).toBe(absent);
    const files = errorOf('EMFILE');
    expect(mostTelling([refused, files])).toBe(files);
    expect(mostTelling([files, certificate])).toBe(certificate);
  });

  test.each([
    ['127.0.0.1', ['127.0.0.1', '::1'], 'has run out'],
    ['::1', ['127.0.0.1', '::1'], 'has run out'],
    ['0.0.0.0', ['127.0.0.1'], 'has run out'],
    ['::1', ['127.0.0.1', '192.0.2.1'], 'has none'],
    ['192.0.2.7', ['127.0.0.1', '192.0.2.1'], 'has run out'],
    ['192.0.2.7', ['127.0.0.1', '2001:db8::1'], 'has none'],
    ['2001:db8::7', ['127.0.0.1', '::1', '192.0.2.1'], 'has none'],
  ])(
    'one that is not available is a port that is missing, or an address: %s on a machine with %j %s',
    (host, own, is) => {
      const missing = errorOf('EADDRNOTAVAIL');
      const refused = errorOf('ECONNREFUSED');
      const told = outOfPorts(missing, host, () => own);
      expect(connectFailure(told)).toBe('generator');
      expect(mayElsewhere(told)).toBe(true);
      expect(detailOf(told).includes('no local port is left')).toBe(is === 'has run out');
      expect(mostTelling([told, refused])).toBe(is === 'has run out' ? told : refused);
      expect(outOfPorts(refused, host, () => own)).toBe(refused);
    },
  );
});
