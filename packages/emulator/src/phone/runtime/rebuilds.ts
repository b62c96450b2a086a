/** Hears which build of the mini program is the newest: at once, with each edit, and when the emulator comes back. */
export function followRebuilds(onBuild: (build: number) => void): void {
  const events = new EventSource('/_emulator/phone/events')
  events.addEventListener('build', ({ data }) => {
    const { build }: { build: number } = JSON.parse(data)
    onBuild(build)
  })
}
