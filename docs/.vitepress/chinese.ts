/** The Chinese parts of the site: its labels and its navigation. Pages without a translation are linked in English. */
import type { DefaultTheme, LocaleSpecificConfig } from "vitepress"

type Two = readonly [hans: string, hant: string]

const words = {
  description: [
    "不会被误读的实人认证结果：阿里云 ID Verification 的类型化客户端",
    "不會被誤讀的身份驗證結果：阿里雲 ID Verification 的類型化客戶端"
  ],
  start: ["开始", "開始"],
  home: ["简介", "簡介"],
  tutorial: ["教程", "教學"],
  reference: ["参考", "參考"],
  results: ["结果的含义", "結果的含義"],
  errors: ["错误", "錯誤"],
  english: ["更多（英文）", "更多（英文）"],
  glossary: ["术语表", "詞彙表"],
  guides: ["操作指南", "操作指南"],
  fields: ["字段", "欄位"],
  environment: ["环境变量", "環境變數"],
  collections: ["批量采集", "批量收集"],
  cli: ["命令行", "指令行"],
  architecture: ["架构", "架構"],
  trust: ["信任与安全", "信任與安全"],
  outline: ["本页目录", "本頁目錄"],
  previous: ["上一页", "上一頁"],
  next: ["下一页", "下一頁"],
  appearance: ["外观", "外觀"],
  light: ["切换到浅色模式", "切換至淺色模式"],
  dark: ["切换到深色模式", "切換至深色模式"],
  menu: ["菜单", "選單"],
  top: ["返回顶部", "返回頂部"],
  language: ["选择语言", "選擇語言"],
  skip: ["跳到正文", "跳至正文"],
  search: ["搜索", "搜尋"],
  reset: ["清除", "清除"],
  details: ["显示详细列表", "顯示詳細列表"],
  back: ["关闭", "關閉"],
  none: ["没有找到", "找不到"],
  select: ["选择", "選擇"],
  navigate: ["移动", "移動"],
  footer: [
    "版本 {version}。MIT 许可证。社区项目，并非阿里云官方出品。",
    "版本 {version}。以 MIT 授權。社群項目，並非由阿里雲推出。"
  ]
} as const satisfies Record<string, Two>

const folders = { hans: "zh-Hans", hant: "zh-Hant" } as const

export const languages = { hans: "简体中文", hant: "繁體中文" } as const

type Script = keyof typeof folders

const wordOf = (script: Script) => (name: keyof typeof words) => words[name][script === "hans" ? 0 : 1]

/** The translated pages. */
const ownPages = (script: Script) => {
  const own = (name: keyof typeof words, path: string) => ({
    text: wordOf(script)(name),
    link: `/${folders[script]}/${path}`
  })
  return {
    home: own("home", ""),
    tutorial: own("tutorial", "tutorial"),
    results: own("results", "reference/results"),
    errors: own("errors", "reference/errors"),
    commands: own("cli", "reference/commands")
  }
}

/** The translated pages as a group, for a list of all pages. */
export const listOf = (script: Script) => ({ text: languages[script], items: Object.values(ownPages(script)) })

/** A locale of the site. */
export const localeOf = (script: Script, version: string): LocaleSpecificConfig<DefaultTheme.Config> => {
  const word = wordOf(script)
  const page = (name: keyof typeof words, link: string) => ({ text: word(name), link })
  const { commands, errors, home, results, tutorial } = ownPages(script)
  return {
    lang: script === "hans" ? "zh-Hans-CN" : "zh-Hant-HK",
    description: word("description"),
    themeConfig: {
      nav: [tutorial, results, errors],
      sidebar: [
        { text: word("start"), items: [home, tutorial] },
        { text: word("reference"), items: [results, errors, commands] },
        {
          text: word("english"),
          items: [
            page("glossary", "/explanation/glossary"),
            page("guides", "/how-to/credentials"),
            page("fields", "/reference/fields"),
            page("environment", "/reference/environment"),
            page("collections", "/packages/cli"),
            page("architecture", "/explanation/architecture"),
            page("trust", "/explanation/trust"),
            { text: "API", link: "/api/" }
          ]
        }
      ],
      outline: { level: [2, 3], label: word("outline") },
      docFooter: { prev: word("previous"), next: word("next") },
      darkModeSwitchLabel: word("appearance"),
      lightModeSwitchTitle: word("light"),
      darkModeSwitchTitle: word("dark"),
      sidebarMenuLabel: word("menu"),
      returnToTopLabel: word("top"),
      langMenuLabel: word("language"),
      skipToContentLabel: word("skip"),
      footer: { message: word("footer").replace("{version}", version) }
    }
  }
}

/** The labels of the search. */
export const searchOf = (script: Script) => {
  const word = wordOf(script)
  return {
    translations: {
      button: { buttonText: word("search"), buttonAriaLabel: word("search") },
      modal: {
        displayDetails: word("details"),
        resetButtonTitle: word("reset"),
        backButtonTitle: word("back"),
        noResultsText: word("none"),
        footer: { selectText: word("select"), navigateText: word("navigate"), closeText: word("back") }
      }
    }
  }
}
