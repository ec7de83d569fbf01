import { curlSample } from './curl.ts';
import { javascriptSample } from './javascript.ts';
import { phpSample } from './php.ts';
import { pythonSample } from './python.ts';
import type { SampleRequest } from './request.ts';

export type { SampleRequest } from './request.ts';

export const LANGUAGES = ['curl', 'javascript', 'python', 'php'] as const;
export type Language = (typeof LANGUAGES)[number];

const RENDERERS: Readonly<Record<Language, (request: SampleRequest) => string[]>> = {
  curl: curlSample,
  javascript: javascriptSample,
  python: pythonSample,
  php: phpSample,
};

/**
 * A whole program that makes this very call. It reads key and secrets from the environment, waits
 * 150 seconds, follows no redirect, prints the answer's body, and ends with 1 when a variable is
 * missing, no answer comes, or the answer is no success.
 */
export function renderSample(language: Language, request: SampleRequest): string {
  return RENDERERS[language](request)
    .map((line) => `${line}\n`)
    .join('');
}
