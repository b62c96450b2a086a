import { buildUniApp } from './build.ts'
import { checkApp } from './test-support/check-app.ts'

checkApp('uni-app with Vue 3', buildUniApp)
