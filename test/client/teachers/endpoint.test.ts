import { expect, it } from 'vitest';
import { endpointAddress } from '../../../src/client/teachers/endpoint';

it.each([
  ['http://localhost:8000/v1', 'localhost:8000', true],
  ['http://127.0.0.1:11434/v1', '127.0.0.1:11434', true],
  ['http://[::1]:8000/v1', '[::1]:8000', true],
  ['http://vllm.localhost/v1', 'vllm.localhost', true],
  ['https://api.example.com/v1', 'api.example.com', false],
  ['http://localhost.example.com/v1', 'localhost.example.com', false],
  ['http://127.0.0.1.example.com/v1', '127.0.0.1.example.com', false],
  ['http://localhost@example.com/v1', 'example.com', false],
  ['http://10.0.0.7:8000/v1', '10.0.0.7:8000', false],
])('%s is %s, on this machine: %s', (baseUrl, host, local) => {
  expect(endpointAddress(baseUrl)).toEqual({ host, local });
});

it.each([['ftp://localhost/'], ['localhost:8000'], ['']])('%j is no endpoint', (baseUrl) => {
  expect(endpointAddress(baseUrl)).toBeUndefined();
});
