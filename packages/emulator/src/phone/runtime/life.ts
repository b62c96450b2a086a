import type { ComponentSpace, GeneralBackendContext } from 'glass-easel'
import type { Program } from '../../lib/miniprogram/program.ts'
import type { Wx } from '../../lib/wx/assemble-wx.ts'
import type { Host } from '../../lib/wx/callbacks.ts'
import { closeAllDialogs } from '../chrome/dialog.ts'
import type { Screen } from '../chrome/screen.ts'
import { registerComponents } from '../components/index.ts'
import type { Handset } from '../handset/handset.ts'
import { createModules } from '../loader/modules.ts'
import type { Artefacts } from '../loader/registry.ts'
import { createPhoneWx } from '../wx/create-phone-wx.ts'
import { phoneWx } from '../wx/index.ts'
import type { WxParts } from '../wx/parts.ts'
import { resourceUrl } from '../wx/resources.ts'
import { themeOf } from '../wx/system.ts'
import { type AppLife, createAppLife } from './app.ts'
import { createProgramSpace, type ProgramSpace } from './code-space.ts'
import { callHook } from './hooks.ts'
import { createPageStack, type PageStack } from './page-stack.ts'
import type { ReportError } from './problems.ts'
import { createReadiness } from './readiness.ts'
import { parseRoute, type Route } from './route.ts'
import { createServices, type Helpers } from './services.ts'
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
}

/** A mini program from its start to its end on this phone. */
export interface Life {
  readonly program: Program
  readonly stack: PageStack
  readonly app: AppLife
  readonly base: Wx
  readonly tabs: Tabs
  readonly wx: Record<string, unknown>
  /** Where its components live. */
  readonly space: ComponentSpace
  redraw(): void
  /** Tells the page on top something, and nobody else. */
  tell(hook: string, args: unknown[]): void
  themeChanged(): void
  end(): void
}

/** `app.js`, and then the first page. */
function begin(launch: Launch, life: Life, route: Route, runApp: () => void): void {
  const { app, stack } = life
  runApp()
  const options = life.base.getEnterOptionsSync()
  app.tell('onLaunch', [options])
  app.tell('onShow', [options])
  if (stack.has(route.path)) stack.relaunch(route)
  else launch.report(`page "${route.path}" is not found`, 'launch', 'app.json')
}

function startingRoute({ program, route }: Launch): Route {
  const [first = ''] = program.pages
  const asked = parseRoute(route === '' ? first : route, '')
  return program.pages.includes(asked.path) ? asked : parseRoute(first, '')
}

function barStateOf({ program, stack }: Life) {
  const { top } = stack
  if (!top) return undefined
  const isFirst = top.route.path === program.pages[0] || stack.isTab(top.route.path)
  const canGoBack = stack.entries.length > 1
  return {
    look: top.look,
    canGoBack,
    canGoHome: !canGoBack && !isFirst && !top.look.hidesHome,
    isLoading: top.look.isLoading,
  }
}

function redrawer({ screen, handset }: Launch, life: () => Life) {
  return () => {
    const { stack, tabs } = life()
    const state = barStateOf(life())
    if (!state || !stack.top) return
    screen.bars.update(state)
    screen.tabBar.update(tabs.state(stack.top.route.path, handset.isDark))
    screen.pages.classList.toggle('phone-pages-custom', state.look.hasCustomBar)
    for (const entry of stack.entries) dress(entry.view.element, entry.look)
    handset.changed()
  }
}

function dress(
  element: HTMLElement,
  look: { background: string; pullText: string; cannotScroll: boolean },
): void {
  element.style.setProperty('--page-background', look.background)
  element.dataset['pullText'] = look.pullText
  element.classList.toggle('page-still', look.cannotScroll)
}

/** Runs a mini program until it ends. */
export function startLife(launch: Launch): Life {
  const { handset, screen, program, artefacts, report } = launch
  const state = { killed: false }
  const host: Host = { promises: true, state }
  const route = startingRoute(launch)
  const modules = createModules(artefacts)
  const app = createAppLife(report)
  const base = createPhoneWx(handset, program, route)
  const redraw = redrawer(launch, () => life)
  const services = createServices(
    { handset, screen, program },
    stubs(() => life),
  )
  const space: ProgramSpace = createProgramSpace({
    program,
    artefacts,
    modules,
    registerBuiltIns: (inner) => registerComponents(inner, services),
    prepare: createReadiness,
    report,
  })
  const stack = createPageStack({
    program,
    backend: space.env.associateBackend(launch.context),
    space: space.space,
    ensure: space.ensure,
    container: screen.pages,
    isDark: () => handset.isDark,
    report,
    onChange: redraw,
    onPageView: () => base.phone.pageView(),
  })
  const tabs = createTabs(program, (path) => resourceUrl({ program, handset }, path, ''))
  const parts: WxParts = { host, handset, screen, program, stack, app, base, redraw, report }
  const onPageNotFound = ({ path, query }: Route) =>
    app.tell('onPageNotFound', [{ path, query, isEntryPage: false }])
  const wx = phoneWx(parts, { host, stack, onPageNotFound }, tabs)
  const life: Life = {
    program,
    stack,
    app,
    base,
    tabs,
    wx,
    redraw,
    space: space.space.getComponentSpace(),
    tell(hook, args) {
      if (stack.top) callHook(stack.top.page, hook, args, report)
    },
    themeChanged() {
      stack.refreshLooks()
      const theme = themeOf(parts)
      if (theme !== undefined) app.tell('onThemeChange', [{ theme }])
    },
    end() {
      state.killed = true
      base.phone.kill()
      screen.toasts.hide()
      closeAllDialogs()
      stack.end()
    },
  }
  const getCurrentPages = () => stack.entries.map((entry) => entry.page)
  Object.assign(window, { wx, App: app.App, getApp: app.getApp, getCurrentPages, ...space.globals })
  begin(launch, life, route, () =>
    runApp(modules.has('app.js') ? () => modules.run('app.js') : () => {}, report),
  )
  return life
}

function stubs(life: () => Life): Helpers {
  return {
    getPhoneNumber: async () => ({ errMsg: 'getPhoneNumber:fail' }),
    chooseAvatar: async () => ({ errMsg: 'chooseAvatar:fail' }),
    share: () => {},
    openType: async (openType) => ({ errMsg: `${openType}:fail` }),
    missing: () => {},
    wx: () => life().wx,
    exit: () => {},
  }
}

function runApp(run: () => unknown, report: ReportError): void {
  try {
    run()
  } catch (error) {
    report(error, 'load', 'app.js')
  }
}
