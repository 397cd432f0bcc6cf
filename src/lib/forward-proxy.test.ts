/** The rules of curl (its tests 1614 and `noproxy.c`): which variable counts, and what NO_PROXY exempts. */
import { describe, expect, it } from 'vitest';
import { credentialsOf, isExempt, parseProxyUrl, readProxyVariable } from './forward-proxy.ts';

describe('the variable of a proxy', () => {
  const all = {
    https_proxy: 'a:1',
    HTTPS_PROXY: 'b:1',
    http_proxy: 'c:1',
    HTTP_PROXY: 'd:1',
    all_proxy: 'e:1',
    ALL_PROXY: 'f:1',
  };
  it.each([
    ['https:', all, 'https_proxy'],
    ['http:', all, 'http_proxy'],
    ['https:', { ...all, https_proxy: '' }, 'HTTPS_PROXY'],
    ['http:', { HTTP_PROXY: 'd:1' }, 'HTTP_PROXY'],
    ['https:', { HTTP_PROXY: 'd:1', ALL_PROXY: 'f:1' }, 'ALL_PROXY'],
    ['https:', { HTTP_PROXY: 'd:1' }, undefined],
    ['https:', {}, undefined],
  ])('of %s', (protocol, environment, name) => {
    expect(readProxyVariable(protocol, environment)?.name).toBe(name);
  });
});

describe('the URL of a proxy', () => {
  it.each([
    ['http://proxy:3128', 'http://proxy:3128'],
    ['proxy:3128', 'http://proxy:3128'],
    ['https://proxy', 'https://proxy'],
    ['http://user:p%40ss@[::1]:3128/', 'http://[::1]:3128'],
    ['socks5://proxy:1080', undefined],
    ['http://', undefined],
  ])('%s', (text, origin) => {
    expect(parseProxyUrl(text)?.origin).toBe(origin);
  });

  it('may hold credentials, with percent signs of either kind', () => {
    expect(credentialsOf(new URL('http://user:p%40ss@proxy'))).toEqual({ user: 'user', password: 'p@ss' });
    expect(credentialsOf(new URL('http://user:100%@proxy'))).toEqual({ user: 'user', password: '100%' });
    expect(credentialsOf(new URL('http://proxy'))).toBeUndefined();
  });
});

describe('NO_PROXY', () => {
  it.each([
    ['*', 'api.coze.cn', true],
    [' * ', '127.0.0.1', true],
    ['*,example.com', 'api.coze.cn', false],
    ['', 'api.coze.cn', false],
    ['coze.cn', 'api.coze.cn', true],
    ['.coze.cn', 'api.coze.cn', true],
    ['.coze.cn', 'coze.cn', true],
    ['coze.cn.', 'api.coze.cn', true],
    ['coze.cn', 'api.coze.cn.', true],
    ['COZE.CN', 'api.coze.cn', true],
    ['oze.cn', 'api.coze.cn', false],
    ['api.coze.cn', 'coze.cn', false],
    ['*.coze.cn', 'api.coze.cn', false],
    ['a.example, coze.cn b.example', 'api.coze.cn', true],
    ['coze.cn:443', 'api.coze.cn', false],
    ['localhost', 'localhost', true],
    ['localhost', '127.0.0.1', false],
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.0/8', '127.9.8.7', true],
    ['192.168.0.0/16', '192.169.0.1', false],
    ['10.0.0.0/0', '192.169.0.1', true],
    ['10.0.0.0/33', '10.0.0.0', false],
    ['10.0.0.0/8/8', '10.0.0.1', false],
    ['10.0.0.0/x', '10.0.0.0', false],
    ['.0.0.1', '127.0.0.1', false],
    ['::1', '[::1]', true],
    ['[::1]', '[::1]', true],
    ['fd00::/8', '[fd12::1]', true],
    ['fd00::/8', '[fe80::1]', false],
    ['::/0', '127.0.0.1', false],
    [',, ,', 'api.coze.cn', false],
    ['.', 'api.coze.cn', false],
  ])('%j for %s: %s', (list, host, is) => {
    expect(isExempt(host, { NO_PROXY: list })).toBe(is);
    expect(isExempt(host, { no_proxy: list, NO_PROXY: 'elsewhere.example' })).toBe(list === '' ? false : is);
  });
});
