// The same request as the tool makes, with nothing but node:http.
import http from 'node:http';

const body = JSON.stringify({
  name: 'Example Client',
  login: 'client1',
  email: 'client1@example.com',
  password: process.env.OXHOST_CLIENT_PASSWORD,
});
const request = http.request(
  `${process.env.OXHOST_API_URL}/API/plesk/clients/create`,
  {
    method: 'POST',
    headers: {
      'x-api-key': process.env.OXHOST_API_KEY,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    },
  },
  (response) => {
    let text = '';
    response.on('data', (chunk) => {
      text += chunk;
    });
    response.on('end', () => console.log(JSON.stringify(JSON.parse(text).data)));
  },
);
request.end(body);
