/** The version of the program, for whoever looks at what runs. */
export const BUILD = process.env['npm_package_version'] ?? 'unknown';
