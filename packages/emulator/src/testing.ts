export { type OpenPhoneOptions, openPhone, type PhoneInTest } from './lib/driver/open-phone.ts'
