import { defineTexts } from './language.js'

/** Help, and what there is to know about the wallet itself. */
export const helpTexts = defineTexts({
  'zh-CN': {
    title: '帮助与关于',
    questionsTitle: '常见问题',
    whoTitle: '谁能看到什么？',
    who: '凭证和密钥只在这个浏览器里，任何服务器上都没有。平台只得到您同意前在画面上看到的那几项。签发机构不知道您出示给了谁。每一次都在“记录”里。',
    lostTitle: '手机丢了怎么办？',
    lost: '先暂停，再找回。用任何一台设备打开签发机构的页面，输入纸上的停用码；没有停用码，带证件到柜台。之后换一台设备重新领取：各平台认得您的编号不变，账号都在。',
    lostLink: '手机丢了：一步一步',
    networkTitle: '没有网络能用吗？',
    network:
      '能打开凭证夹，能看凭证和记录，也能在入口出示。领取、补充，以及在网站上出示，要有网络。',
    copiesTitle: '为什么份数会用完？',
    copies:
      '每一份只出示一次：两家平台拿到的不是同一份，对不出是同一个人。用完之前，联网时会自动补充。平台专用的那一份不会用完。',
    whomTitle: '遇到问题找谁？',
    whom: (issuer: string, host: string) =>
      `内容不对、领不到、要提前结束暂停：找${issuer}（${host}）。平台要得太多：在“记录”里举报。出错时画面上有一个代码，求助时请报给对方。`,
    endTitle: '不想用了呢？',
    end: '随时可以注销：签发机构删除您的资料，并签一份回执给您。也可以只清空这个浏览器，登记不变。',
    endLink: '注销登记',
    aboutTitle: '关于凭证夹',
    issuer: '所属签发机构',
    root: '信任根',
    version: '版本',
    unknownVersion: '未存离线版本',
    accessTitle: '无障碍说明',
    access: [
      '目标是 WCAG 2.2 的 AA 级。每个画面都用工具检查过：中文和英文、浅色和深色、手机和电脑。',
      '全部操作都能只用键盘完成；读屏软件能读到每个画面的标题、按钮和结果；“谁知道什么”的图另有文字。',
      '文字放大到两倍也不用左右滚动；按钮不小于 44 像素；系统要求减少动画时，画面不动。',
    ],
    limitsTitle: '还做不到的',
    limits: [
      '入场码由入口的相机来读，只在短时间内有效。来不及时可以重做，或请工作人员用其他方式查验。',
      '扫码要用相机。也可以读一张图片，或粘贴文字。',
      '标签页的标题总是“凭证夹”，不随画面变化：浏览器会把标题记进它的历史。',
      '还没有请残障人士试用，也没有第三方评估。',
    ],
    accessContact: (issuer: string, host: string) =>
      `用起来有障碍，请告诉${issuer}（${host}），并说明是哪个画面。不用凭证夹，也有其他办法办理，服务相同。`,
    licencesTitle: '开源软件许可',
    licencesLead: '凭证夹里有以下软件。',
  },
  en: {
    title: 'Help and about',
    questionsTitle: 'Questions',
    whoTitle: 'Who sees what?',
    who: 'Certificates and keys are in this browser and on no server. A platform gets what stood on the screen before you agreed, and no more. The issuer does not learn to whom you showed it. “History” has each time.',
    lostTitle: 'What if the phone is lost?',
    lost: 'Pause first, then recover. Open the issuer’s page on any device and type the code from your paper; without it, go to the counter with your document. Then get your certificates on another device: platforms know you by the same numbers, and your accounts stay.',
    lostLink: 'Lost a phone, step by step',
    networkTitle: 'Does it work without a network?',
    network:
      'It opens, you can look at certificates and history, and you can show a code at a gate. Getting certificates, refills and showing on web sites need a network.',
    copiesTitle: 'Why do copies run out?',
    copies:
      'Each is shown once: no two platforms get the same one, so they cannot find that it was the same person. More come by themselves with a network. The copy for one platform does not run out.',
    whomTitle: 'Whom can I turn to?',
    whom: (issuer: string, host: string) =>
      `Something in a certificate is wrong, you cannot get one, or a pause is to end sooner: ${issuer} (${host}). A platform asks for too much: report it in “History”. With each error there is a code: give it to whoever helps you.`,
    endTitle: 'How do I leave?',
    end: 'You can cancel at any time: the issuer deletes what it has of you, and signs a receipt. Or erase this browser alone; your enrolment stays.',
    endLink: 'Cancel your enrolment',
    aboutTitle: 'About the wallet',
    issuer: 'Issuer of this wallet',
    root: 'Root of trust',
    version: 'Version',
    unknownVersion: 'not kept offline',
    accessTitle: 'Accessibility',
    access: [
      'The aim is WCAG 2.2, level AA. Each screen was checked by a tool: in Chinese and English, light and dark, on a phone and a desktop.',
      'All of it can be done by the keyboard alone. Screen readers get the heading, the buttons and the outcome of each screen; the picture of who knows what is there in words, too.',
      'Text at twice its size needs no scrolling sideways. Buttons have 44 pixels or more. Nothing moves where the system asks for less motion.',
    ],
    limitsTitle: 'What is not done yet',
    limits: [
      'A code for a gate is read by a camera and is good for a short time only. If that is too short, make it again, or ask the staff to check in another way.',
      'Scanning needs a camera. A picture can be read instead, or the text pasted.',
      'The title of the tab is always “Wallet”, whatever the screen: browsers keep titles in their history.',
      'People with disabilities have not tried it yet, and nobody else has assessed it.',
    ],
    accessContact: (issuer: string, host: string) =>
      `If something stands in your way, tell ${issuer} (${host}), and on which screen. You can be served without the wallet, too, and as well.`,
    licencesTitle: 'Open-source licences',
    licencesLead: 'This software is in the wallet.',
  },
})
