// Pages for those who follow a share link: whole documents without script, cookie or anything from
// elsewhere. Pure.
#pragma once

#include "features/sharing/disclosure.h"

namespace afterresume::sharing {

struct HtmlPage {
    std::string html;
    // The Content-Security-Policy under which it works, and nothing else does.
    std::string policy;
};

HtmlPage page_of(const SharedReport& report);
// Asks for the password; sends it to its own address.
HtmlPage password_page();
// Before what may be seen so many times only: asks its own address for it, as no preview does.
HtmlPage door_page();
HtmlPage nothing_page();

}  // namespace afterresume::sharing
