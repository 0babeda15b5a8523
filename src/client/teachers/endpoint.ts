import { isLocalHost } from '../../core/teachers/localHost';

/** What an endpoint's address says about who pays for a request. */
export interface EndpointAddress {
  /** `localhost:8000`. */
  readonly host: string;
  /** On this machine: nobody else sees the data or sends a bill. */
  readonly local: boolean;
}

/** Undefined for what is no http address. */
export function endpointAddress(baseUrl: string): EndpointAddress | undefined {
  if (!URL.canParse(baseUrl)) return undefined;
  const { protocol, host, hostname } = new URL(baseUrl);
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  return { host, local: isLocalHost(hostname) };
}
