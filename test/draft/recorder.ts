import { shopPassword } from './token-shop.ts';

interface Sent {
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
}

/** A browser's panel: sends requests one after the other and keeps them as HAR. */
const newRecorder = () => {
  const entries: unknown[] = [];
  const pairs = (headers: Iterable<readonly [string, string]>): unknown[] =>
    [...headers].map(([name, value]) => ({ name, value }));
  return {
    har: () => JSON.stringify({ log: { version: '1.2', creator: { name: 'test', version: '1' }, entries } }, null, 1),
    send: async (url: string, { method = 'GET', headers = {}, body }: Sent = {}) => {
      const answer = await fetch(url, { method, headers, redirect: 'manual', ...(body === undefined ? {} : { body }) });
      const text = await answer.text();
      const noise = { ':method': method, 'User-Agent': 'a browser', 'sec-ch-ua': '"a"', 'Accept-Encoding': 'gzip' };
      entries.push({
        request: {
          method,
          url,
          headers: pairs(Object.entries({ ...noise, ...headers })),
          ...(body === undefined ? {} : { postData: { mimeType: headers['content-type'] ?? '', text: body } }),
        },
        response: {
          status: answer.status,
          headers: pairs(answer.headers),
          content: { mimeType: answer.headers.get('content-type') ?? '', text },
        },
      });
      return { headers: answer.headers, text };
    },
  };
};

/** A login and a purchase in a token shop, as a browser records it. */
export const recordPurchase = async (origin: string): Promise<string> => {
  const { send, har } = newRecorder();
  const csrf = /value="([^"]+)"/.exec((await send(`${origin}/login`)).text)![1]!;
  await send(`${origin}/logo.png`);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const login = await send(`${origin}/session`, {
    method: 'POST',
    headers: form,
    body: new URLSearchParams({ user: 'ada', password: shopPassword, csrf }).toString(),
  });
  const { access_token: token } = JSON.parse(login.text) as { readonly access_token: string };
  const own = { authorization: `Bearer ${token}`, cookie: login.headers.get('set-cookie')!.split(';')[0]! };
  const json = { ...own, 'content-type': 'application/json' };
  await send(`${origin}/products?q=${encodeURIComponent('tea & "more"')}`, { headers: own });
  const read = await send(`${origin}/products/7`, { headers: own });
  await send(`${origin}/products/7`, { headers: own });
  const write = { ...json, 'if-match': read.headers.get('etag')! };
  await send(`${origin}/products/7`, { method: 'PUT', headers: write, body: '{"stock":999999}' });
  const ordered = await send(`${origin}/orders`, {
    method: 'POST',
    headers: json,
    body: '{"productId":7,"quantity":1}',
  });
  const { order } = JSON.parse(ordered.text) as { readonly order: { readonly id: string } };
  await send(`${origin}/orders/${order.id}/pay`, { method: 'POST', headers: json, body: '{"card":"none"}' });
  await send(`${origin}/orders/${order.id}/receipt`, { headers: own });
  return har();
};
