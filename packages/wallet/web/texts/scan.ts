import { defineTexts } from './language.js'

/** Looking for a code. */
export const scanTexts = defineTexts({
  'zh-CN': {
    title: '扫码',
    unusable: {
      foreign: '这不是凭证夹能用的二维码。',
      empty: '图片里没有找到二维码。',
    },
    picture: '从图片读取',
    textLabel: '或粘贴文字、链接',
    go: '继续',
    again: '再试一次',
    lightOn: '打开补光灯',
    lightOff: '关闭补光灯',
    camera: {
      starting: '正在打开相机…',
      refused: '没有相机权限。\n请在浏览器设置里允许后再试，或从图片读取。',
      missing: '没有找到相机。\n可以从图片读取，或粘贴链接。',
      busy: '相机正被别的程序使用。\n请关闭它再试。',
      unsupported: '此浏览器不能用相机。\n可以从图片读取，或粘贴链接。',
    },
  },
  en: {
    title: 'Scan',
    unusable: {
      foreign: 'This code is not one for the wallet.',
      empty: 'There is no code in this picture that can be read.',
    },
    picture: 'Read from a picture',
    textLabel: 'Or paste the text or link',
    go: 'Go on',
    again: 'Try again',
    lightOn: 'Light on',
    lightOff: 'Light off',
    camera: {
      starting: 'Opening the camera…',
      refused:
        'The camera is not allowed.\nAllow it in the browser and try again, or read from a picture.',
      missing: 'No camera was found.\nRead from a picture, or paste the link.',
      busy: 'Something else uses the camera.\nClose it and try again.',
      unsupported: 'This browser gives no camera.\nRead from a picture, or paste the link.',
    },
  },
})
