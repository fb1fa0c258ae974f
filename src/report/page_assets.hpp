/// The style and the script of the report's pages; made from reports/page.css and reports/page.js by the
/// build.
#pragma once

#include <string_view>

namespace lemmacheck {

extern const std::string_view page_style;
extern const std::string_view page_script;

}  // namespace lemmacheck
