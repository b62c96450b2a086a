import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { VERSION } from '../lib/version.ts'
import type { DevOptions } from './dev.ts'
import { EXIT } from './exit.ts'
import { type Action, runAction } from './run-action.ts'
import type { CopyOptions } from './store-copy.ts'

/** Runs one command line; resolves with the exit code. Commands are loaded when they are called: `--help` opens no database driver. */
export async function runCli(args: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.done
  const run = async (command: Command, action: Action) => {
    exitCode = await runAction(action, command.optsWithGlobals()['json'] === true)
  }
  try {
    await programOf(run).parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? EXIT.done : EXIT.usage
  }
  return exitCode
}

type Run = (command: Command, action: Action) => Promise<void>

function programOf(run: Run): Command {
  const program = commandNamed('yaopai')
    .description('Identity and session server for WeChat mini programs')
    .version(VERSION, '-v, --version', 'print the version')
    .helpCommand('help [command]', 'explain a command')
  for (const command of [
    ...running(run),
    backup(run),
    restore(run),
    migrate(run),
    users(run),
    sessions(run),
    store(run),
    config(run),
    keys(run),
  ])
    program.addCommand(command)
  return program.addHelpText('after', exitCodes())
}

function commandNamed(name: string, ...examples: string[]): Command {
  const command = new Command(name)
    .exitOverride()
    .showHelpAfterError('(--help explains it)')
    .option('--json', 'data as JSON on standard output, and no talk')
    .helpOption('-h, --help', 'explain it, with examples')
  if (examples.length === 0) return command
  return command.addHelpText('after', `\nExamples:\n${examples.map((line) => `  $ ${line}`).join('\n')}`)
}

function running(run: Run): Command[] {
  const serve = commandNamed('serve', 'yaopai serve', 'PORT=80 HOST=0.0.0.0 yaopai serve')
    .description('run the server, configured by environment, .env and yaopai.config.json')
    .showHelpAfterError(
      '(settings are environment variables, such as PORT=80 yaopai serve; --help says more)',
    )
    .addHelpText('after', settingsHelp())
    .action((_options, command: Command) =>
      run(command, async (terminal) => (await import('./serve.ts')).serve(terminal)),
    )
  const dev = commandNamed(
    'dev',
    'yaopai dev',
    'yaopai dev --miniprogram ../my-mini-program',
    'yaopai dev --backend https://shop.example.com=http://127.0.0.1:3000',
    'WECHAT_APPID=wx0123456789abcdef yaopai dev',
  )
    .description(
      "run the server with an emulator of WeChat beside it, for one's own app; keys are made in .yaopai/",
    )
    .addOption(
      new Option('--emulator-port <port>', 'where the emulator listens; 0 takes a free port')
        .env('EMULATOR_PORT')
        .argParser(portFrom)
        .default(8788),
    )
    .option(
      '--miniprogram <folder>',
      'a mini program, or its project, for the phone in the browser; default: this folder, where it has a project.config.json',
    )
    .option(
      '--backend <url>',
      'where requests of the phone go that are not to this machine, or origin=url for those to one origin; may be repeated',
      (url: string, before: readonly string[] = []) => [...before, url],
    )
    .action((options: DevOptions, command: Command) =>
      run(command, async (terminal) => (await import('./dev.ts')).dev(options, terminal)),
    )
  return [serve, dev]
}

function backup(run: Run): Command {
  return commandNamed('backup', 'yaopai backup /backups/yaopai-2026-01-31.db')
    .description('copy the database while the server runs; the copy is whole, and works where it is put')
    .argument('<file>', 'where to; it must not be there yet, its folder must')
    .action((file: string, _options, command: Command) =>
      run(command, async (terminal) => (await import('./backup.ts')).backup(file, terminal)),
    )
}

function restore(run: Run): Command {
  return commandNamed('restore', 'yaopai restore /backups/yaopai-2026-01-31.db')
    .description(
      'put a backup in the place of the database while no server runs, and end the sessions in it: any of them may have been revoked since',
    )
    .argument('<file>', 'what yaopai backup wrote; it stays as it is')
    .option('--keep-sessions', 'end none: what was revoked since the backup opens doors again')
    .addOption(new Option('-y, --yes', 'do not ask'))
    .action((file: string, options: { keepSessions?: boolean; yes?: boolean }, command: Command) =>
      run(command, async (terminal) => (await import('./restore.ts')).restore(file, options, terminal)),
    )
}

function users(run: Run): Command {
  const list = commandNamed(
    'list',
    'yaopai users list --search 小明',
    'yaopai users list --json | jq .users[].id',
  )
    .description('list users, newest first')
    .option('--limit <number>', 'how many', countFrom, 50)
    .option('--before <user>', 'go on after this one')
    .option('--search <text>', 'only this id, or nicknames with this text')
    .action((options: { limit: number; before?: string; search?: string }, command: Command) =>
      run(command, async (terminal) => (await import('./users.ts')).listUsers(options, terminal)),
    )
  const show = commandNamed('show', 'yaopai users show usr_0KzW2mQ8xN4pR7tY')
    .description('show a user, with apps and living sessions')
    .argument('<user>', 'user id')
    .action((user: string, _options, command: Command) =>
      run(command, async (terminal) => (await import('./users.ts')).showUser(user, terminal)),
    )
  const banning = [true, false].map((isBanned) =>
    commandNamed(
      isBanned ? 'ban' : 'unban',
      `yaopai users ${isBanned ? 'ban' : 'unban'} usr_0KzW2mQ8xN4pR7tY`,
    )
      .description(
        isBanned ? 'ban a user on every server, living sessions included' : 'lift the ban of a user',
      )
      .argument('<user>', 'user id')
      .action((user: string, _options, command: Command) =>
        run(command, async (terminal) => (await import('./users.ts')).banUser(user, isBanned, terminal)),
      ),
  )
  return groupOf('users', 'list, show, ban and unban users', [list, show, ...banning])
}

function sessions(run: Run): Command {
  const list = commandNamed('list', 'yaopai sessions list usr_0KzW2mQ8xN4pR7tY')
    .description('list the living sessions of a user')
    .argument('<user>', 'user id')
    .action((user: string, _options, command: Command) =>
      run(command, async (terminal) => (await import('./sessions.ts')).listSessions(user, terminal)),
    )
  const revoke = commandNamed(
    'revoke',
    'yaopai sessions revoke ses_0641a2b3c4d5e6',
    'yaopai sessions revoke --user usr_0KzW2mQ8xN4pR7tY',
    'yaopai sessions revoke --all --yes',
  )
    .description(
      'end sessions; when it returns every running server refuses them, and tells their holders revoked_by_admin',
    )
    .argument('[session]', 'session id')
    .option('--user <user>', 'all sessions of this user')
    .option('--all', 'all sessions of all users')
    .addOption(new Option('-y, --yes', 'do not ask'))
    .action(
      (
        session: string | undefined,
        options: { user?: string; all?: boolean; yes?: boolean },
        command: Command,
      ) =>
        run(command, async (terminal) =>
          (await import('./sessions.ts')).revokeSessions(session, options, terminal),
        ),
    )
  return groupOf('sessions', 'list and revoke sessions', [list, revoke])
}

function config(run: Run): Command {
  const print = commandNamed('print', 'yaopai config print', 'yaopai config print --json')
    .description('print what serve would run with, secrets masked, and where each value comes from')
    .action((_options, command: Command) =>
      run(command, async (terminal) => (await import('./config-print.ts')).printConfig(terminal)),
    )
  return groupOf('config', 'look at the configuration', [print])
}

function keys(run: Run): Command {
  const fresh = commandNamed('new', 'yaopai keys new', 'yaopai keys new --master')
    .description('make an API key for a back end, or with --master a master key; it is kept nowhere')
    .option('--master', 'make a master key instead, for YAOPAI_MASTER_KEY')
    .action((options: { master?: boolean }, command: Command) =>
      run(command, async (terminal) => {
        ;(await import('./print-key.ts')).printNewKey(options.master ? 'master' : 'api', terminal)
        return EXIT.done
      }),
    )
  const resealing = commandNamed('reseal', 'yaopai keys reseal --trial', 'yaopai keys reseal')
    .description(
      'seal every kept session_key under the first master key, so that the others can be taken away; beside servers that run',
    )
    .option('--trial', 'only count')
    .action((options: { trial?: boolean }, command: Command) =>
      run(command, async (terminal) => (await import('./reseal.ts')).reseal(options, terminal)),
    )
  return groupOf('keys', 'make API keys and master keys, and change master keys', [fresh, resealing])
}

function store(run: Run): Command {
  const copy = commandNamed(
    'copy',
    'yaopai store copy --from file:.yaopai/yaopai.db --to postgres://yaopai@db.example/yaopai',
    'yaopai store copy --from file:.yaopai/yaopai.db --to mysql://yaopai@db.example/yaopai --finish',
  )
    .description('copy the book from a file to a database server; every row is read back and compared')
    .requiredOption('--from <url>', 'the file, such as file:.yaopai/yaopai.db; its server may run meanwhile')
    .requiredOption(
      '--to <url>',
      'postgres://… or mysql://…, or @ and a file with it: an empty database, or a copy that was broken off',
    )
    .option(
      '--finish',
      'the last time, with the server stopped: the file is retired, and servers may run on the copy',
    )
    .action((options: CopyOptions, command: Command) =>
      run(command, async (terminal) => (await import('./store-copy.ts')).copyStore(options, terminal)),
    )
  return groupOf('store', 'move the book to a database server', [copy])
}

function migrate(run: Run): Command {
  return commandNamed('migrate', 'yaopai migrate')
    .description('bring the database up to date and say so; a server does it by itself when it starts')
    .action((_options, command: Command) =>
      run(command, async (terminal) => (await import('./migrate.ts')).migrateDatabase(terminal)),
    )
}

function groupOf(name: string, description: string, commands: readonly Command[]): Command {
  const group = commandNamed(name).description(description)
  for (const command of commands) group.addCommand(command)
  return group
}

function portFrom(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('A port is a number from 0 to 65535.')
}

function countFrom(text: string): number {
  const count = Number(text)
  if (/^\d{1,4}$/.test(text) && count >= 1 && count <= 1_000) return count
  throw new InvalidArgumentError('It is a number from 1 to 1000.')
}

function settingsHelp(): string {
  return `
Settings are no options but environment variables, such as PORT=80 yaopai serve, or lines of .env.
Their table is in docs/guide/operating.md; yaopai config print shows them with their values.`
}

function exitCodes(): string {
  return `
Exit codes: 0 done, 1 failed, 2 usage, 65 damaged data, 70 a write could not be made durable,
78 configuration (the setting and the cure are named)`
}
