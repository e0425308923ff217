import { describe, expect, test } from 'vitest';
import { parseOrigin } from '../../../../src/measure/transport/connect/origin.ts';

describe('an origin', () => {
  test('has the port of its scheme unless it names another', () => {
    expect(parseOrigin('http://shop.example')).toEqual({
      isSecure: false,
      hostname: 'shop.example',
      port: 80,
      host: 'shop.example',
      base: '',
    });
    expect(parseOrigin('https://shop.example')).toMatchObject({ isSecure: true, port: 443, host: 'shop.example' });
    expect(parseOrigin('https://shop.example:443')).toMatchObject({ port: 443, host: 'shop.example' });
    expect(parseOrigin('https://shop.example:8443')).toMatchObject({ port: 8443, host: 'shop.example:8443' });
  });

  test('may be an IPv6 address, without brackets but in its Host header', () => {
    expect(parseOrigin('http://[::1]:8080')).toMatchObject({ hostname: '::1', port: 8080, host: '[::1]:8080' });
  });

  test('has a base without a trailing slash', () => {
    expect(parseOrigin('http://shop.example/').base).toBe('');
    expect(parseOrigin('http://shop.example/api/v1//').base).toBe('/api/v1');
  });

  test('may be a unix socket, with or without a base', () => {
    expect(parseOrigin('http://unix:/run/shop.sock')).toEqual({
      isSecure: false,
      hostname: 'localhost',
      port: 0,
      host: 'localhost',
      base: '',
      socketPath: '/run/shop.sock',
    });
    expect(parseOrigin('https://unix:/run/shop.sock:/api/')).toMatchObject({
      isSecure: true,
      base: '/api',
      socketPath: '/run/shop.sock',
    });
  });

  test('that is no URL is a TypeError', () => {
    expect(() => parseOrigin('shop.example')).toThrow(TypeError);
  });
});
