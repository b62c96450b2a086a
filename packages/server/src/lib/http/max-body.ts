/** The largest body that any route takes, in bytes. */
export const MAX_BODY_BYTES = 16_384
