import { curlSample } from './curl.ts';
import { javascriptSample } from './javascript.ts';
import { phpSample } from './php.ts';
import { pythonSample } from './python.ts';
import { type Call, checkRequest, type SampleRequest } from './request.ts';

export type { SampleRequest } from './request.ts';

export const LANGUAGES = ['curl', 'javascript', 'python', 'php'] as const;
export type Language = (typeof LANGUAGES)[number];

const RENDERERS: Readonly<Record<Language, (call: Call) => string>> = {
  curl: curlSample,
  javascript: javascriptSample,
  python: pythonSample,
  php: phpSample,
};

/**
 * A whole program that makes this very call, byte for byte in path, query and body. It reads key
 * and secrets from the environment, waits 150 seconds, follows no redirect, prints the answer's
 * body, and fails when a variable is missing, no answer comes, the status is 300 or more, or the
 * body is no JSON object that says `"success": true`.
 * @throws TypeError when no program could make this call.
 */
export function renderSample(language: Language, request: SampleRequest): string {
  return RENDERERS[language](checkRequest(request));
}
