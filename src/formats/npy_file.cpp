#include "formats/npy_file.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <optional>
#include <regex>
#include <sstream>

#include "formats/zip_file.hpp"
#include "numeric/error.hpp"

namespace lemmacheck {
namespace {

constexpr std::size_t magic_bytes = 6;
constexpr std::size_t most_numbers = std::size_t{1} << 24;

struct Header {
  char order, kind;   ///< '<', '>', '|' and 'f', 'i', 'u', 'b'
  std::size_t width;  ///< bytes a number
  bool fortran;
  std::vector<std::size_t> shape;
};

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw InvalidInput(file.string() + ": cannot be opened; check the name and the permissions");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::uint64_t unsigned_at(const std::string& bytes, std::size_t at, std::size_t width, bool big_endian) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i)
    value = value << 8U | static_cast<unsigned char>(bytes[at + (big_endian ? i : width - 1 - i)]);
  return value;
}

/// The header's Python dictionary has three keys in any order.
Header header_of(const std::string& text, const std::string& file) {
  const auto fail = [&](const char* fault) -> InvalidInput {
    return InvalidInput(file + ": " + fault + "; write it with numpy.save");
  };
  const auto value_of = [&](const char* pattern) {
    std::smatch found;
    if (!std::regex_search(text, found, std::regex(pattern))) throw fail("the header is no NPY header");
    return found[1].str();
  };
  const std::string type = value_of("'descr'\\s*:\\s*('[^']*'|\\[)"),
                    shape = value_of("'shape'\\s*:\\s*\\(([0-9, L]*)\\)");
  Header header{};
  std::smatch parts;
  if (!std::regex_match(type, parts, std::regex("'([<>|=])([fiub])([0-9]{1,2})'")))
    throw InvalidInput(file + ": the type is " + type +
                       "; floats of 16 to 64 bits, integers and booleans are read, so use astype(float)");
  header.order = *parts[1].first;
  header.kind = *parts[2].first;
  header.width = std::stoul(parts[3]);
  const std::vector<std::size_t> widths = header.kind == 'f'   ? std::vector<std::size_t>{2, 4, 8}
                                          : header.kind == 'b' ? std::vector<std::size_t>{1}
                                                               : std::vector<std::size_t>{1, 2, 4, 8};
  if (std::ranges::find(widths, header.width) == widths.end())
    throw InvalidInput(file + ": numbers of " + std::to_string(header.width) +
                       " bytes are not read; use astype(float)");
  header.fortran = value_of("'fortran_order'\\s*:\\s*(True|False)") == "True";
  const std::regex number("[0-9]+");
  for (std::sregex_iterator size(shape.begin(), shape.end(), number), end; size != end; ++size) {
    if (size->length() > 9) throw fail("the shape is too large");
    header.shape.push_back(std::stoul(size->str()));
  }
  return header;
}

/// The number that IEEE 754 means by these bits; none for NaN, a sign for an infinity.
struct Float {
  std::optional<Rational> value;
  int infinite = 0;
};
Float float_of(std::uint64_t bits, std::size_t width) {
  const unsigned fraction_bits = width == 8 ? 52 : width == 4 ? 23 : 10;
  const unsigned exponent_bits = static_cast<unsigned>(width) * 8 - 1 - fraction_bits;
  const std::uint64_t largest = (std::uint64_t{1} << exponent_bits) - 1;
  const bool negative = (bits >> (width * 8 - 1) & 1U) != 0;
  const std::uint64_t exponent = bits >> fraction_bits & largest;
  std::uint64_t fraction = bits & ((std::uint64_t{1} << fraction_bits) - 1);
  if (exponent == largest) return {std::nullopt, fraction != 0 ? 0 : negative ? -1 : 1};
  if (exponent != 0) fraction |= std::uint64_t{1} << fraction_bits;
  const auto power = static_cast<std::int64_t>(exponent == 0 ? 1 : exponent) -
                     static_cast<std::int64_t>(largest / 2) - static_cast<std::int64_t>(fraction_bits);
  Rational value(fraction);
  const Rational scale = pow(Rational(2), static_cast<unsigned>(std::abs(power)));
  power < 0 ? value /= scale : value *= scale;
  return {negative ? -value : value, 0};
}

/// Where entry `position` of a C-ordered array stands in Fortran order.
std::size_t fortran_position(const std::vector<std::size_t>& shape, std::size_t position) {
  std::vector<std::size_t> index(shape.size());
  for (std::size_t axis = shape.size(); axis-- > 0; position /= shape[axis])
    index[axis] = position % shape[axis];
  std::size_t at = 0;
  for (std::size_t axis = shape.size(); axis-- > 0;) at = at * shape[axis] + index[axis];
  return at;
}

}  // namespace

NumberArray read_npy(const std::string& bytes, const std::string& file) {
  const auto fail = [&](const std::string& fault) -> InvalidInput {
    return InvalidInput(file + ": " + fault + "; write it with numpy.save");
  };
  if (bytes.size() < magic_bytes + 4 || bytes.compare(0, magic_bytes, "\x93NUMPY") != 0)
    throw fail("is no NPY file");
  const auto version = static_cast<unsigned char>(bytes[magic_bytes]);
  if (version < 1 || version > 3)
    throw fail("has version " + std::to_string(version) + " of the format; versions 1 to 3 are read");
  const std::size_t length_bytes = version == 1 ? 2 : 4, length_at = magic_bytes + 2;
  if (bytes.size() < length_at + length_bytes) throw fail("ends in its header");
  const std::size_t header_at = length_at + length_bytes,
                    header_bytes = unsigned_at(bytes, length_at, length_bytes, false);
  constexpr std::size_t longest_header = 4096;
  if (header_bytes > longest_header) throw fail("has a header of " + std::to_string(header_bytes) + " bytes");
  if (bytes.size() - header_at < header_bytes) throw fail("ends in its header");
  const Header header = header_of(bytes.substr(header_at, header_bytes), file);

  NumberArray table;
  table.shape = header.shape;
  table.exact = header.kind != 'f';
  if (header.kind == 'f') table.float_bits = static_cast<unsigned>(header.width) * 8;
  std::size_t count = 1;
  for (const std::size_t size : header.shape) {
    count *= size;
    if (count > most_numbers)
      throw InvalidInput(file + ": has more than " + std::to_string(most_numbers) +
                         " numbers; log fewer steps");
  }
  const std::size_t data_at = header_at + header_bytes;
  if (bytes.size() - data_at != count * header.width)
    throw fail("has " + std::to_string(bytes.size() - data_at) + " bytes of numbers where its shape needs " +
               std::to_string(count * header.width));
  table.values.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t stored = header.fortran ? fortran_position(header.shape, i) : i;
    const std::uint64_t bits =
        unsigned_at(bytes, data_at + stored * header.width, header.width, header.order == '>');
    if (header.kind == 'f') {
      const Float number = float_of(bits, header.width);
      if (number.value)
        table.values[i] = *number.value;
      else if (number.infinite != 0)
        table.infinite[i] = number.infinite;
      else
        table.nan.insert(i);
    } else if (header.kind == 'i') {
      const auto unused = static_cast<unsigned>(64 - header.width * 8);
      table.values[i] = Rational(static_cast<std::int64_t>(bits << unused) >> unused);
    } else {
      table.values[i] = Rational(bits);
    }
  }
  return table;
}

NumberArray read_npy_file(const std::filesystem::path& file) {
  return read_npy(bytes_of(file), file.string());
}

std::map<std::string, NumberArray> read_npz_file(const std::filesystem::path& file) {
  std::map<std::string, NumberArray> arrays;
  for (const auto& [name, bytes] : read_zip_file(file)) {
    if (!name.ends_with(".npy")) continue;
    const std::string array = name.substr(0, name.size() - 4);
    arrays[array] = read_npy(bytes, file.string() + "/" + array);
  }
  return arrays;
}

}  // namespace lemmacheck
