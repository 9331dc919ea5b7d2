/** The words of help and errors that Effect's formatter writes. */
import type { Chinese } from "./chinese.ts"

export const words: Readonly<Record<string, Chinese>> = {
  DESCRIPTION: ["说明", "說明"],
  USAGE: ["用法", "用法"],
  ARGUMENTS: ["参数", "參數"],
  FLAGS: ["选项", "選項"],
  "INHERITED FLAGS": ["各命令共有的选项", "各指令共有的選項"],
  "GLOBAL FLAGS": ["全局选项", "全域選項"],
  SUBCOMMANDS: ["子命令", "子指令"],
  EXAMPLES: ["示例", "範例"],
  ERROR: ["错误", "錯誤"],
  "Exit codes:": ["退出码：", "退出碼："],
  choices: ["可选", "可選"],
  optional: ["可省略", "可省略"],
  "for the reviewer": ["给审核人员", "給審核人員"],
  "for the user": ["给用户", "給用戶"]
}
