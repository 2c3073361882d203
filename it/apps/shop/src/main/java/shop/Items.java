package shop;

import java.math.BigDecimal;
import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The table of items. */
public interface Items extends JpaRepository<Item, Long> {
  /** Those that cost at most so much, by their names. */
  @Query("select i from Item i where i.price <= :most order by i.name")
  List<Item> upTo(BigDecimal most);
}
