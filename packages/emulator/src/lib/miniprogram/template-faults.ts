import { type Words, words } from './problems.ts'

/** What the template compiler says, in Chinese; and what WeChat refuses though this compiler goes on. */
const MEANINGS: Readonly<Record<string, string>> = {
  'unexpected character': '出现了意外的字符',
  'unexpected character inside expression': '表达式里出现了意外的字符',
  'unknown meta tag': '未知的标签',
  'missing expression end': '表达式没有结束，缺少 }}',
  'illegal entity': '无效的字符实体',
  'incomplete tag': '标签不完整',
  'missing end tag': '缺少结束标签',
  'illegal name prefix': '无效的名称前缀',
  'invalid attribute prefix': '无效的属性前缀',
  'invalid attribute name': '无效的属性名',
  'invalid attribute value': '无效的属性值',
  'invalid attribute': '这里不能使用这个属性',
  'duplicated attribute': '属性重复',
  'duplicated name': '名称重复',
  'avoid uppercase letters': '请不要使用大写字母',
  'unexpected whitespace': '出现了意外的空白',
  'missing attribute value': '缺少属性值',
  'data bindings are not allowed for this attribute': '这个属性不能使用数据绑定',
  'not a valid identifier': '不是合法的标识符',
  'not a valid identifier as scope name': '不是合法的变量名',
  'child nodes are not allowed for this element': '这个标签里不能有子节点',
  'illegal escape sequence': '无效的转义字符',
  'incomplete condition expression': '条件表达式不完整',
  'unmatched bracket': '方括号不匹配',
  'unmatched parenthesis': '圆括号不匹配',
  'missing module name': '缺少 module 属性',
  'missing source path': '缺少 src 属性',
  'this syntax has not been supported yet': '暂不支持这种语法',
  'should be quoted': '应当加引号',
  'the expression is empty': '表达式为空',
  'invalid end tag': '多余的结束标签',
  'the template compiler gave up on this file': '模板编译器无法处理这个文件',
}

/** WeChat's compiler stops at these. */
const REFUSED = new Set(['missing end tag', 'invalid end tag', 'incomplete tag'])

export function isRefused(message: string): boolean {
  return REFUSED.has(message)
}

function inChinese(message: string): string {
  if (message.startsWith('not a plain space'))
    return message.replace('not a plain space:', '这不是普通空格：')
  return MEANINGS[message] ?? message
}

/** @param excerpt the text at the place, for what the words alone do not show */
export function meaningOf(message: string, excerpt: string): Words {
  const shown = excerpt === '' ? '' : ` \`${excerpt}\``
  return words(`${message}${shown}`, `${inChinese(message)}${shown}`)
}
