#include "numeric/strong_components.hpp"

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/strong_components.hpp>

namespace lemmacheck {

Components strong_components(std::uint32_t vertices,
                             const std::vector<std::pair<std::uint32_t, std::uint32_t>>& edges) {
  using Graph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                                   boost::no_property, std::uint32_t, std::uint32_t>;
  const Graph graph(boost::edges_are_unsorted, edges.begin(), edges.end(), vertices);
  Components components{std::vector<std::uint32_t>(vertices), 0};
  components.count = boost::strong_components(
      graph,
      boost::make_iterator_property_map(components.of.begin(), boost::get(boost::vertex_index, graph)));
  return components;
}

}  // namespace lemmacheck
