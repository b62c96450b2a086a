/** Hears of each new build of the mini program, and of an emulator that comes back with one. */
export function followRebuilds(onBuild: () => void): void {
  const events = new EventSource('/_emulator/phone/events')
  events.addEventListener('build', onBuild)
}
