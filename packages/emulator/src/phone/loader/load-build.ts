import type { Program } from '../../lib/miniprogram/program.ts'
import { type Artefacts, gatherArtefacts } from './registry.ts'

/** Where the files of a build are served. */
export function buildUrl(build: number, path: string): string {
  const file = path.split('/').map(encodeURIComponent).join('/')
  return `/_emulator/phone/${build}/${file}`
}

/** The mini program as it is now, or what the emulator says where it has none. */
export async function fetchProgram(): Promise<Program | string> {
  const response = await fetch('/_emulator/phone/program')
  if (response.ok) return (await response.json()) as Program // of the emulator that served this very script
  const answer: { detail?: string; message?: string } = await response.json().catch(() => ({}))
  return answer.message ?? answer.detail ?? `no mini program: HTTP ${response.status}`
}

/** Resolves whether it could be loaded; what it throws goes to the window. */
function loadElement(element: HTMLScriptElement | HTMLLinkElement): Promise<boolean> {
  return new Promise((resolve) => {
    element.addEventListener('load', () => resolve(true))
    element.addEventListener('error', () => resolve(false))
    document.head.append(element)
  })
}

function loadScript(url: string): Promise<boolean> {
  const script = document.createElement('script')
  script.async = false
  script.src = url
  script.dataset['of'] = 'program'
  return loadElement(script)
}

function loadStyle(url: string): Promise<boolean> {
  const link = document.createElement('link')
  link.rel = 'stylesheet'
  link.href = url
  link.dataset['of'] = 'program'
  return loadElement(link)
}

/** app.wxss first, then components', then pages': the later one wins where two say the same. */
function styleUrls(program: Program): string[] {
  const components = Object.values(program.components).filter((one) => one.hasStyle)
  const inOrder = [...components.filter((one) => !one.isPage), ...components.filter((one) => one.isPage)]
  const paths = [...(program.hasAppStyle ? ['app'] : []), ...inOrder.map((one) => one.path)]
  return paths.map((path) => buildUrl(program.build, `styles/${path}.css`))
}

/** Loads a build's scripts, templates and styles; the styles of the build before it go. */
export async function loadBuild(program: Program): Promise<Artefacts> {
  const old = [...document.head.querySelectorAll('link[data-of=program], script[data-of=program]')]
  const artefacts = gatherArtefacts()
  const scripts = ['templates.js', ...program.scripts.map((file) => `scripts/${file}`)]
  await Promise.all([
    ...styleUrls(program).map(loadStyle),
    ...scripts.map((file) => loadScript(buildUrl(program.build, file))),
  ])
  for (const element of old) element.remove()
  return artefacts
}
