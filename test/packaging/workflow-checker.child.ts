// Bundled for the test: the library imports JSON in a way that Node does not take.
export { validate } from '@actions/languageservice';
export { DEFAULT_RUNNER_LABELS } from '@actions/languageservice/value-providers/default';
export { TextDocument } from 'vscode-languageserver-textdocument';
