/** Path of a Node 24 of this platform in .cache/node24, brought there when it is missing; null when it cannot be. */
export function bringNode24(): string | null
