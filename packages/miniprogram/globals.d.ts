// What a mini program has beside ES2015, as far as the client uses it.
declare function setTimeout(run: () => void, ms: number): number
declare function clearTimeout(timer: number): void
