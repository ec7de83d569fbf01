declare const __VERSION__: string;

/** Version of the package, put in by the build. */
export const VERSION = __VERSION__;

/** RFC 9110 section 10.1.5. */
export const USER_AGENT = `oxhost/${VERSION}`;
