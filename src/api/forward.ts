import http from 'node:http';

/** How an HTTP client has a request made for it. */
export type RequestFunction = (
  url: URL,
  options: http.RequestOptions,
  callback?: (response: http.IncomingMessage) => void,
) => http.ClientRequest;

/**
 * Requests for plain HTTP by a proxy (RFC 9112 section 3.2.2): the connection is to the proxy, the
 * request line has the whole address. The agent stays an ordinary one, because an agent that
 * rewrites the head of a request that is being written can send that head twice.
 */
export function requestsBy(proxy: URL): RequestFunction {
  const { username, password } = proxy;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization =
    credentials === ':'
      ? {}
      : { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
  return (url, options, callback) => {
    const headers = {
      ...(options.headers as http.OutgoingHttpHeaders),
      host: url.host,
      ...authorization,
    };
    return http.request(new URL(proxy.origin), { ...options, path: url.href, headers }, callback);
  };
}
