import type { ComponentSpace, GeneralBackendContext } from 'glass-easel'
import type { Program } from '../../lib/miniprogram/program.ts'
import type { Wx } from '../../lib/wx/assemble-wx.ts'
import type { Host } from '../../lib/wx/callbacks.ts'
import { closeAllDialogs } from '../chrome/dialog.ts'
import type { Screen } from '../chrome/screen.ts'
import { registerComponents } from '../components/index.ts'
import { type Handset, permitsOf } from '../handset/handset.ts'
import { createModules, type Modules } from '../loader/modules.ts'
import type { Artefacts } from '../loader/registry.ts'
import { createPhoneWx } from '../wx/create-phone-wx.ts'
import { phoneWx } from '../wx/index.ts'
import type { WxParts } from '../wx/parts.ts'
import { createPermits } from '../wx/permits.ts'
import { resourceUrl } from '../wx/resources.ts'
import { themeOf } from '../wx/system.ts'
import { type AppLife, createAppLife } from './app.ts'
import { createProgramSpace, type ProgramSpace } from './code-space.ts'
import { createHelpers } from './helpers.ts'
import { callHook } from './hooks.ts'
import { followsTheme } from './page-look.ts'
import { createPageStack, type PageStack, tabPathsOf } from './page-stack.ts'
import type { ReportError } from './problems.ts'
import { createReadiness } from './readiness.ts'
import { redraw } from './redraw.ts'
import { parseRoute, type Route } from './route.ts'
import { createServices } from './services.ts'
import { createTabs, type Tabs } from './tabs.ts'

/** What a mini program is started with. */
export interface Launch {
  handset: Handset
  screen: Screen
  program: Program
  artefacts: Artefacts
  context: GeneralBackendContext
  report: ReportError
  /** Where to begin; without it the first page. */
  route: string
  /** To the background, and from the beginning. */
  exit(): void
  restart(route: string): void
}

/** A mini program from its start to its end on this phone. */
export interface Life {
  readonly program: Program
  readonly stack: PageStack
  readonly app: AppLife
  readonly base: Wx
  readonly tabs: Tabs
  readonly parts: WxParts
  /** Where its components live. */
  readonly space: ComponentSpace
  /** Tells the page on top something, and nobody else. */
  tell(hook: string, detail: unknown): void
  themeChanged(): void
  end(): void
}

/** The page that was asked for, and else the first. */
function startingRoute({ program, route }: Launch): Route {
  const [first = ''] = program.pages
  const asked = parseRoute(route === '' ? first : route, '')
  return program.pages.includes(asked.path) ? asked : parseRoute(first, '')
}

/** The phone's side of things; what only exists later is asked for by the getters. */
interface Making {
  launch: Launch
  host: Host & { state: { killed: boolean } }
  app: AppLife
  base: Wx
  modules: Modules
  parts(): WxParts
  wx(): Readonly<Record<string, unknown>>
}

function makeSpace({ launch, modules, parts, wx }: Making): ProgramSpace {
  const { program, artefacts, report, handset, screen } = launch
  const services = createServices({ handset, screen, program }, createHelpers(parts, wx))
  return createProgramSpace({
    program,
    artefacts,
    modules,
    registerBuiltIns: (inner) => registerComponents(inner, services),
    prepare: createReadiness,
    report,
  })
}

function makeStack({ launch, base, parts }: Making, space: ProgramSpace): PageStack {
  const { program, handset, screen, report } = launch
  return createPageStack({
    program,
    backend: space.env.associateBackend(launch.context),
    space: space.space,
    ensure: space.ensure,
    container: screen.pages,
    isTab: (path) => tabPathsOf(program).includes(path),
    isDark: () => handset.isDark,
    report,
    onChange: () => parts().redraw(),
    onPageView: () => base.phone.pageView(),
  })
}

function makeParts({ launch, host, app, base }: Making, stack: PageStack, tabs: Tabs): WxParts {
  const { handset, screen, program, report, exit, restart } = launch
  const drawn = { stack, tabs, firstPage: program.pages[0] ?? '' }
  const draw = () => {
    redraw(screen, drawn, handset.isDark)
    handset.changed()
  }
  return { host, handset, screen, program, stack, app, base, redraw: draw, report, exit, restart }
}

function makeWx({ launch, host, app }: Making, parts: WxParts, tabs: Tabs, space: ProgramSpace) {
  const onPageNotFound = ({ path, query }: Route) => {
    app.tell('onPageNotFound', { path, query, isEntryPage: false })
  }
  return phoneWx({
    parts,
    navigation: { host, stack: parts.stack, onPageNotFound },
    tabs,
    permits: createPermits(permitsOf(launch.handset.query, launch.program)),
    isTag: (name) => space.space.getComponentSpace().getGlobalUsingComponent(name) !== null,
  })
}

function lifeOf(making: Making, parts: WxParts, tabs: Tabs, space: ProgramSpace): Life {
  const { host, app, base, launch } = making
  const { stack } = parts
  return {
    program: launch.program,
    stack,
    app,
    base,
    tabs,
    parts,
    space: space.space.getComponentSpace(),
    tell(hook, detail) {
      if (stack.top) callHook(stack.top.page, hook, [detail], launch.report)
    },
    themeChanged() {
      stack.refreshLooks()
      const theme = themeOf(parts)
      if (theme !== undefined) app.tell('onThemeChange', { theme })
    },
    end() {
      host.state.killed = true
      base.phone.kill()
      launch.screen.toasts.hide()
      closeAllDialogs()
      stack.end()
    },
  }
}

/** `app.js`, and then the first page. */
function begin({ launch, modules, app, base }: Making, { stack }: Life, route: Route): void {
  if (modules.has('app.js'))
    callHook({ run: () => modules.run('app.js') }, 'run', [], appReport(launch.report))
  const options = base.getEnterOptionsSync()
  app.tell('onLaunch', options)
  app.tell('onShow', options)
  // Unless the app has gone somewhere itself.
  if (stack.entries.length === 0 && stack.has(route.path)) stack.relaunch(route)
}

function appReport(report: ReportError): ReportError {
  return (error) => report(error, 'load', 'app.js')
}

/** What app.json says of the look of all components: WeChat's newer style, and whether they are dark when the phone is. */
function markProgram(program: Program): void {
  const { dataset } = document.documentElement
  dataset['appStyle'] = String(program.app['style'] ?? '')
  dataset['appTheme'] = followsTheme(program) ? 'both' : 'light'
}

/** Runs a mini program until it ends; `began` has it before its first script runs. */
export function startLife(launch: Launch, began: (life: Life) => void): void {
  const { handset, program, report } = launch
  markProgram(program)
  const route = startingRoute(launch)
  const making: Making = {
    launch,
    host: { promises: true, state: { killed: false } },
    app: createAppLife(report),
    base: createPhoneWx(handset, program, route),
    modules: createModules(launch.artefacts, program.mains),
    parts: () => parts,
    wx: () => wx,
  }
  const space = makeSpace(making)
  const stack = makeStack(making, space)
  const tabs = createTabs(program, (path) => resourceUrl({ program, handset }, path, ''))
  const parts = makeParts(making, stack, tabs)
  const wx = makeWx(making, parts, tabs, space)
  const { App, getApp } = making.app
  const getCurrentPages = () => stack.entries.map((entry) => entry.page)
  Object.assign(window, { wx, App, getApp, getCurrentPages, ...space.globals })
  const life = lifeOf(making, parts, tabs, space)
  began(life)
  begin(making, life, route)
}
