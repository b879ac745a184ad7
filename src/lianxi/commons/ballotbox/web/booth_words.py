"""What the booth says while it works: the page's script takes every sentence from here, in the voter's language."""

from django.utils.translation import gettext, pgettext


def words() -> dict[str, str]:
    """Key of the script → sentence; {gaps} are filled there."""
    return {
        "favour": gettext("赞成"),
        "oppose": gettext("反对"),
        "abstain": gettext("弃权"),
        "blank": gettext("都不选（空白票）"),
        "unmarked": gettext("没有选，按弃权算"),
        "instead": gettext("另选{name}"),
        "somebody_else": gettext("另选一位（可不选）"),
        "nobody_else": gettext("不另选"),
        "written_in": gettext("另选"),
        "and": pgettext("between names", "、"),
        "none_chosen": gettext("一项也没有选"),
        "counted": gettext("赞成 {n} / 最多 {most}"),
        "counted_options": gettext("已选 {n} / 最多 {most}"),
        "counted_motions": gettext("已选 {n} / {all} 项"),
        "too_many": gettext("最多赞成{most}位，已经够了。要换人，先把一位改成反对或弃权。"),
        "too_many_options": gettext("最多选{most}项，已经够了。要换，先去掉一项。"),
        "too_few": gettext("至少选{least}项。"),
        "too_few_or_blank": gettext("还没有选。至少选{least}项，或者选“都不选”。"),
        "no_card": gettext("先扫选票卡，或者打上卡上的15个字符。"),
        "typed": gettext("{n} / 15"),
        "wrong_sign": gettext("第{group}组里的“{sign}”（第{place}个）卡上不会有。看看是不是别的字母。"),
        "too_short": gettext("只有{n}个字符，还差{left}个。"),
        "too_long": gettext("多了{more}个字符。卡上只有15个。"),
        "signs_disagree": gettext("有字符打错了。从第一组起和卡上对一遍，大小写也要对。"),
        "card_known": gettext("选票卡已认出"),
        "card_unknown": gettext(
            "这次投票的名单里没有这张卡。是不是别的投票的卡，或者报失作废了的？没有拿错，就请找发卡人。"
        ),
        "no_code_in_picture": gettext("照片里没有找到码。靠近一点、拍清楚，再试一次，或者打字。"),
        "cannot_open": gettext("选票没有取来。"),
        "reload": gettext("请看看有没有网，再重新打开这一页。换一台设备也可以。"),
        "sealing": gettext("正在把票封好"),
        "not_sealed": gettext("这台设备没有把票封好，票没有投出。"),
        "not_opened": gettext("打开的票和选的对不上。不要用这台设备投票。"),
        "other_device": gettext("请换一台设备，并告诉监票人。"),
        "handing_in": gettext("正在交票"),
        "trying_again": gettext("没有回音，正在再交（第{n}次）"),
        "refused": gettext("这张票没有收下。"),
        "not_counted": gettext("这张票没有计入。"),
        "maybe_counted": gettext("前一次交的可能已经收下：投票结束后公布的名单里如果有{code}，就是收下了。"),
        "other_code": gettext("收票处回的核对码是{said}，您的票是{own}，两个不一样。"),
        "tell_organiser": gettext("请把这一页给监票人看。"),
        "copied": gettext("复制好了"),
        "file_code": gettext("核对码"),
        "file_test": gettext("试票"),
        "test_holds": gettext("文件核对完了，里面各处相符。"),
        "test_wrong": gettext("这个文件不是这次投票的试票，或者里面的票和所说的不一样。"),
        "test_wrong_more": gettext("文件如果是刚从那台设备上存下来的，就不要用那台设备投票，并告诉监票人。"),
    }
