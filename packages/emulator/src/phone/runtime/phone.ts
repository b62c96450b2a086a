import type { Program } from '../../lib/miniprogram/program.ts'
import { createScreen, type Screen } from '../chrome/screen.ts'
import type { FrameQuery } from '../frame-query.ts'
import type { PhoneHandle } from '../handle.ts'
import { createHandset, type Handset, storageOf } from '../handset/handset.ts'
import { fetchProgram, loadBuild } from '../loader/load-build.ts'
import type { Artefacts } from '../loader/registry.ts'
import { appidOf } from '../wx/create-phone-wx.ts'
import { createBackend } from './backend.ts'
import { catchErrors } from './catch-errors.ts'
import { type Life, startLife } from './life.ts'
import { plainEventsFor } from './plain-events.ts'
import { type PhoneProblem, problemOf } from './problems.ts'
import { followRebuilds } from './rebuilds.ts'
import { writeRoute } from './route.ts'
import { phoneTimeout, watchTimers } from './timers.ts'

interface Build {
  program: Program
  artefacts: Artefacts
}

/** A phone in this window, from the moment it is switched on. */
export function startPhone(query: FrameQuery): PhoneHandle {
  const timers = watchTimers()
  const handset = createHandset(query)
  const context = createBackend()
  let build: Build | undefined
  let life: Life | undefined
  let isAway = false

  const tell = (problem: PhoneProblem) => {
    handset.problems.push(problem)
    screen.problems.update(handset.problems)
    handset.changed()
  }
  const report = (error: unknown, during: string, file?: string) => {
    const problem = problemOf(error, during, file)
    console.error(error)
    tell(problem)
    life?.app.tell('onError', [stackOf(error)])
  }
  const forget = () => {
    handset.problems.length = 0
    handset.missing.length = 0
    screen.problems.update([])
    screen.missing.update([])
  }
  const run = (route: string) => {
    if (!build) return
    life?.end()
    timers.endAll()
    forget()
    isAway = false
    screen.homeScreen.hide()
    for (const problem of build.program.problems)
      if (problem.severity === 'error') tell(inLanguage(problem, query))
    for (const { path, error } of build.artefacts.failures) report(error, 'template', `${path}.wxml`)
    life = startLife({ handset, screen, ...build, context, report, route })
    if (handset.isOffline) life.base.phone.setOffline(true)
    handset.changed()
  }
  const load = async (route: string) => {
    const program = await fetchProgram()
    if (typeof program === 'string') return screen.say(`${handset.words.noProgram}: ${program}`)
    build = { program, artefacts: await loadBuild(program) }
    screen.say('')
    run(route)
  }
  const toBackground = () => {
    if (!life || isAway) return
    isAway = true
    life.stack.hideTop()
    life.app.tell('onHide', [])
    life.base.phone.toBackground()
    screen.homeScreen.show(screenName(life))
    handset.changed()
  }
  const toForeground = () => {
    if (!life || !isAway) return
    isAway = false
    screen.homeScreen.hide()
    life.base.phone.toForeground()
    life.app.tell('onShow', [life.base.getEnterOptionsSync()])
    life.stack.showTop()
    handset.changed()
  }
  const route = () => life?.stack.top?.route.path ?? ''
  const fullRoute = () => (life?.stack.top ? writeRoute(life.stack.top.route) : '')
  const restart = ({ wipe = false }: { wipe?: boolean } = {}) => {
    if (wipe && build) storageOf(query, appidOf(build.program)).clear()
    if (wipe) handset.files.clear()
    // Not within a call of the program that ends: what it does next would reach the new one.
    phoneTimeout(() => run(''), 0)
  }
  const screen: Screen = createScreen(handset.words, {
    back: () => life?.stack.pop(1),
    home: () => life && life.stack.relaunch({ path: life.program.pages[0] ?? '', query: {} }),
    menu: () => {},
    close: toBackground,
    tapTab: (index) => tapTab(life, index),
    toForeground,
  })
  plainEventsFor(() => life?.space)
  catchErrors(report, (reason) => life?.app.tell('onUnhandledRejection', [{ reason, promise: undefined }]))
  setTheme(handset)
  screen.say(handset.words.starting)
  void load(query.path)
  followRebuilds((newest) => {
    if (build && newest !== build.program.build) void load(fullRoute())
  })
  return {
    id: query.id,
    user: query.user,
    device: query.device,
    route,
    toBackground,
    toForeground,
    restart,
    setOffline(offline) {
      handset.isOffline = offline
      life?.base.phone.setOffline(offline)
      handset.changed()
    },
    loseNextAnswer: (api) => life?.base.phone.loseNextAnswer(api),
    setDark(dark) {
      handset.isDark = dark
      setTheme(handset)
      life?.themeChanged()
      handset.changed()
    },
    problems: () => [...handset.problems],
    onChange: handset.onChange,
  }
}

function setTheme({ isDark }: Handset): void {
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light'
}

function stackOf(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error)
}

function inLanguage(
  { file, line, message, messageZh }: Program['problems'][number],
  { language }: FrameQuery,
): PhoneProblem {
  return { file, line, message: language === 'zh' ? messageZh : message }
}

function screenName({ program }: Life): string {
  return program.name
}

function tapTab(life: Life | undefined, index: number): void {
  const tab = life?.tabs.tabs[index]
  if (!life || !tab) return
  const isAgain = life.stack.top?.route.path === tab.path
  if (!isAgain) life.stack.switchTab({ path: tab.path, query: {} })
  const detail = { index, pagePath: tab.path, text: tab.text }
  life.tell('onTabItemTap', [detail])
}
