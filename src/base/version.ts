/** Put in by the bundler from package.json. */
declare const __CUPEL_VERSION__: string;

/** This program's version, as manifests and `--version` state it. */
export const version: string = __CUPEL_VERSION__;
