import { buildTaro } from './build.ts'
import { checkApp } from './test-support/check-app.ts'

checkApp('Taro with React', buildTaro)
