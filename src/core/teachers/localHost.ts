/** Is this host name, as `URL.hostname` gives it, this very machine? Then nobody else sees the data or sends a bill. */
export function isLocalHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
