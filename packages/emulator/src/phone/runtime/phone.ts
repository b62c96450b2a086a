import * as glassEasel from 'glass-easel'
import type { Program } from '../../lib/miniprogram/program.ts'
import { openMenu } from '../chrome/menu.ts'
import type { Missing } from '../chrome/missing-chip.ts'
import { createScreen, type Screen } from '../chrome/screen.ts'
import type { FrameQuery } from '../frame-query.ts'
import type { PhoneHandle } from '../handle.ts'
import { createHandset, type Handset, permitsOf, storageOf } from '../handset/handset.ts'
import { fetchProgram, loadBuild } from '../loader/load-build.ts'
import type { Artefacts } from '../loader/registry.ts'
import { programName } from '../wx/sheet-answers.ts'
import { createBackend } from './backend.ts'
import { completeCallers } from './caller.ts'
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

/** What anyone would read. */
const MOST_PROBLEMS = 100

function stackOf(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error)
}

/** A phone in this window, from the moment it is switched on. */
class Phone {
  readonly #handset: Handset
  readonly #screen: Screen
  readonly #timers = watchTimers()
  readonly #context = createBackend()
  #build: Build | undefined
  #life: Life | undefined
  #isAway = false
  /** The newest wish for another build; older ones come to nothing. */
  #loads = 0
  /** One at a time: what the scripts of a build hand in goes to whoever gathers at that moment. */
  #loading = Promise.resolve()
  #newest = 0

  constructor(query: FrameQuery) {
    this.#handset = createHandset(query)
    this.#screen = createScreen(this.#handset.words, {
      back: () => this.#life?.stack.pop(1),
      home: () => this.#life?.stack.relaunch({ path: this.#life.program.pages[0] ?? '', query: {} }),
      menu: () => void (this.#life && openMenu(this.#life.parts)),
      close: () => this.toBackground(),
      tapTab: (index) => this.#tapTab(index),
      toForeground: () => this.toForeground(),
    })
    this.#listen()
    this.#dress()
    this.#screen.say(this.#handset.words.starting)
    this.#load(query.path)
  }

  #listen(): void {
    plainEventsFor(() => this.#life?.space)
    completeCallers(() => this.#life?.stack)
    catchErrors(this.#report, (reason) => void this.#life?.app.tell('onUnhandledRejection', { reason }))
    glassEasel.addGlobalErrorListener((error, method, component) => {
      const file = typeof component === 'object' ? `${component.is}.js` : ''
      // What is called by glass-easel itself has a name of no use to anybody.
      this.#report(error, /^listener\b/i.test(method ?? '') ? '' : (method ?? ''), file)
      return false
    })
    addEventListener('resize', () => this.#resized())
    followRebuilds((newest) => {
      this.#newest = newest
      if (this.#build && newest !== this.#build.program.build) this.#reload()
    })
  }

  #reload(): void {
    const top = this.#life?.stack.top
    this.#load(top ? writeRoute(top.route) : '')
  }

  #report = (error: unknown, during: string, file?: string): void => {
    console.error(error)
    if (!this.#isTold(error)) this.#tell(problemOf(error, during, file))
    this.#life?.app.tell('onError', stackOf(error))
  }

  /** A script that no engine takes was told when it was built; that it cannot be loaded is no second fault. */
  #isTold(error: unknown): boolean {
    if (!(error instanceof SyntaxError)) return false
    return this.#handset.problems.some(({ file, line }) => error.message.startsWith(`${file}:${line}:`))
  }

  #tell(problem: PhoneProblem): void {
    const { problems } = this.#handset
    // A timer that throws would go on for ever; the first ones say what is wrong.
    if (problems.length >= MOST_PROBLEMS) return
    problems.push(problem)
    this.#screen.problems.update(problems)
    this.#handset.changed()
  }

  #load(route: string): void {
    this.#loads += 1
    const turn = this.#loads
    const load = this.#loading.then(() => this.#loadInTurn(route, turn))
    this.#loading = load.catch((error: unknown) => this.#report(error, 'load'))
  }

  async #loadInTurn(route: string, turn: number): Promise<void> {
    if (turn !== this.#loads) return
    const { words } = this.#handset
    const program = await fetchProgram().catch((error: unknown) => String(error))
    if (typeof program === 'string') return this.#screen.say(`${words.noProgram}: ${program}`)
    const artefacts = await loadBuild(program)
    if (turn !== this.#loads) return
    this.#build = { program, artefacts }
    this.#screen.say(program.pages.length === 0 ? words.noProgram : '')
    this.#run(route)
    if (this.#newest > program.build) this.#reload()
  }

  #forget(): void {
    this.#life?.end()
    this.#life = undefined
    this.#timers.endAll()
    this.#handset.problems.length = 0
    this.#handset.missing.length = 0
    this.#screen.problems.update([])
    this.#screen.missing.update([])
    this.#screen.homeScreen.hide()
    this.#isAway = false
  }

  #run(route: string): void {
    if (!this.#build) return
    this.#forget()
    const { program, artefacts } = this.#build
    this.#tellFaults(this.#build)
    const handset = this.#handset
    const launch = {
      handset,
      program,
      artefacts,
      route,
      screen: this.#screen,
      context: this.#context,
      report: this.#report,
      exit: () => this.toBackground(),
      restart: (page: string) => this.#restartSoon(page),
    }
    startLife(launch, (life) => {
      this.#life = life
      if (handset.isOffline) life.base.phone.setOffline(true)
    })
    handset.changed()
  }

  #tellFaults({ program, artefacts }: Build): void {
    const isChinese = this.#handset.query.language === 'zh'
    const warnings: Missing[] = []
    for (const { severity, file, line, message, messageZh } of program.problems) {
      const told = { file, line, message: isChinese ? messageZh : message }
      if (severity === 'error') this.#tell(told)
      else warnings.push({ what: told.message, place: line === undefined ? file : `${file}:${line}` })
    }
    for (const { what, place } of warnings) console.warn(`${place}: ${what}`)
    this.#screen.warnings.update(warnings)
    for (const { path, error } of artefacts.failures) this.#report(error, 'template', `${path}.wxml`)
  }

  /** Not within a call of the program that ends: what it does next would reach the new one. */
  #restartSoon(route: string): void {
    phoneTimeout(() => this.#run(route), 0)
  }

  #dress(): void {
    const { isDark, query } = this.#handset
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light'
    document.documentElement.lang = query.language === 'zh' ? 'zh-CN' : 'en'
  }

  #resized(): void {
    const size = { windowWidth: window.innerWidth, windowHeight: window.innerHeight }
    this.#life?.tell('onResize', { size })
    this.#life?.stack.top?.root.getComponent().triggerPageLifetime('resize', [size])
  }

  #tapTab(index: number): void {
    const life = this.#life
    const tab = life?.tabs.tabs[index]
    if (!life || !tab) return
    if (life.stack.top?.route.path !== tab.path) life.stack.switchTab({ path: tab.path, query: {} })
    life.tell('onTabItemTap', { index, pagePath: tab.path, text: tab.text })
  }

  route(): string {
    return this.#life?.stack.top?.route.path ?? ''
  }

  toBackground(): void {
    const life = this.#life
    if (!life || this.#isAway) return
    this.#isAway = true
    life.stack.hideTop()
    life.app.tell('onHide')
    life.base.phone.toBackground()
    this.#screen.homeScreen.show(programName(life.parts))
    this.#handset.changed()
  }

  toForeground(): void {
    const life = this.#life
    if (!life || !this.#isAway) return
    this.#isAway = false
    this.#screen.homeScreen.hide()
    life.base.phone.toForeground()
    life.app.tell('onShow', life.base.getEnterOptionsSync())
    life.stack.showTop()
    this.#handset.changed()
  }

  restart(wipe: boolean): void {
    if (wipe && this.#build) {
      const { query, files } = this.#handset
      // Ended first: it would write its storage again.
      this.#forget()
      storageOf(query, this.#build.program).clear()
      permitsOf(query, this.#build.program).clear()
      files.clear()
    }
    this.#restartSoon('')
  }

  setOffline(offline: boolean): void {
    this.#handset.isOffline = offline
    this.#life?.base.phone.setOffline(offline)
    this.#handset.changed()
  }

  setDark(dark: boolean): void {
    this.#handset.isDark = dark
    this.#dress()
    this.#life?.themeChanged()
    this.#handset.changed()
  }

  loseNextAnswer(api: string): void {
    this.#life?.base.phone.loseNextAnswer(api)
  }

  problems(): readonly PhoneProblem[] {
    return [...this.#handset.problems]
  }

  onChange(listener: () => void): () => void {
    return this.#handset.onChange(listener)
  }
}

/** Switches a phone on in this window. */
export function startPhone(query: FrameQuery): PhoneHandle {
  const phone = new Phone(query)
  const { id, user, device } = query
  return {
    id,
    user,
    device,
    route: () => phone.route(),
    toBackground: () => phone.toBackground(),
    toForeground: () => phone.toForeground(),
    restart: ({ wipe = false } = {}) => phone.restart(wipe),
    setOffline: (offline) => phone.setOffline(offline),
    loseNextAnswer: (api) => phone.loseNextAnswer(api),
    setDark: (dark) => phone.setDark(dark),
    problems: () => phone.problems(),
    onChange: (listener) => phone.onChange(listener),
  }
}
