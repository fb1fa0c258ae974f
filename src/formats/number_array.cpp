#include "formats/number_array.hpp"

namespace lemmacheck {

std::size_t NumberArray::outer(std::size_t axes) const {
  std::size_t product = 1;
  for (std::size_t i = 0; i < axes; ++i) product *= shape[i];
  return product;
}

std::string index_text(const std::vector<std::size_t>& shape, std::size_t position) {
  std::string text;
  for (std::size_t axis = shape.size(); axis-- > 0; position /= shape[axis])
    text = "[" + std::to_string(position % shape[axis]) + "]" + text;
  return text;
}

}  // namespace lemmacheck
